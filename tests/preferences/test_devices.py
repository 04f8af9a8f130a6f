"""What a browser says that it is, as people say it."""

import pytest

from forum.preferences.devices import Device, device_of

GECKO = "(KHTML, like Gecko)"
CHROME = f"AppleWebKit/537.36 {GECKO} Chrome/142.0.0.0"
APPLE = f"AppleWebKit/605.1.15 {GECKO}"
FIREFOX = "rv:145.0) Gecko/20100101 Firefox/145.0"
WINDOWS, IPHONE = "Windows NT 10.0; Win64; x64", "iPhone; CPU iPhone OS 18_6 like Mac OS X"

KNOWN = {
    f"Mozilla/5.0 ({WINDOWS}; {FIREFOX}": ("Firefox", "Windows"),
    f"Mozilla/5.0 ({WINDOWS}) {CHROME} Safari/537.36": ("Chrome", "Windows"),
    f"Mozilla/5.0 ({WINDOWS}) {CHROME} Safari/537.36 Edg/142.0": ("Edge", "Windows"),
    f"Mozilla/5.0 (X11; Linux x86_64) {CHROME} Safari/537.36 OPR/127.0": ("Opera", "Linux"),
    f"Mozilla/5.0 (X11; Ubuntu; Linux x86_64; {FIREFOX}": ("Firefox", "Linux"),
    f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {CHROME} Safari/537.36": ("Chrome", "ChromeOS"),
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {APPLE} Version/26.1 Safari/605.1.15": (
        "Safari",
        "macOS",
    ),
    f"Mozilla/5.0 ({IPHONE}) {APPLE} Version/26.1 Mobile/15E148 Safari/604.1": ("Safari", "iPhone"),
    f"Mozilla/5.0 ({IPHONE}) {APPLE} CriOS/142.0 Mobile/15E148 Safari/604.1": ("Chrome", "iPhone"),
    f"Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) {APPLE} FxiOS/145.0 Safari/604.1": ("Firefox", "iPad"),
    f"Mozilla/5.0 (Linux; Android 15) SamsungBrowser/29.0 {CHROME} Mobile": ("Samsung Internet", "Android"),
    "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0": ("Firefox", "Android"),
    "Lynx/2.9.2 libwww-FM/2.14 (Linux)": ("", "Linux"),
    "python-requests/2.32": ("", ""),
    "<script>alert(1)</script>": ("", ""),
    "": ("", ""),
}


@pytest.mark.parametrize("user_agent", KNOWN)
def test_known_browsers_have_their_names_and_unknown_ones_none(user_agent: str) -> None:
    assert device_of(user_agent) == Device(*KNOWN[user_agent])
