"""Two organisations become one: communes that unite, intermunicipal bodies that merge, one entered twice."""
