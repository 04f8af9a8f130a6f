"""Load on one worker, each figure beside a bare uvicorn in the same run: `python -m bench.load [NAME…]`."""
