"""On a slow phone and a thin line the largest thing of a page is there in two seconds, and nothing moves."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

MOST_MS = 2000
MOST_SHIFT = 0.02
TRIES = 5
"""Others may work on the machine: the best of so many cold loads counts, each in a browser profile of its own."""
PHONE = {"width": 412, "device_scale_factor": 1.75, "is_mobile": True, "has_touch": True}
PHONE_LOOP_MS = 900
"""What the loop takes the phone: four times what it took the machine on which the goal was first reached. Hosts differ
by a factor of two, so each is slowed by what is left."""
LOOP = """() => {
  const begun = performance.now();
  let sum = 0;
  for (let i = 0; i < 3e7; i++) sum = (sum * 31 + i) | 0;
  return sum === 0.5 ? 0 : performance.now() - begun;
}"""
SLOW_4G = {
    "offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8,
}  # fmt: skip
MEASURED = """() => new Promise(done => {
  const found = {largest: 0, shift: 0};
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) found.largest = Math.max(found.largest, entry.startTime);
  }).observe({type: 'largest-contentful-paint', buffered: true});
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) found.shift += entry.value;
  }).observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(found), 300);
})"""


def slower_than(page: Page) -> float:
    """By how much this host is to be slowed to be the phone."""
    return max(1.0, PHONE_LOOP_MS / min(float(page.evaluate(LOOP)) for _ in range(3)))


def measured(page: Page, address: str, slower: float) -> tuple[float, float]:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.goto(address, wait_until="load")
    page.evaluate("document.fonts.ready.then(() => true)")
    found = page.evaluate(MEASURED)
    return found["largest"], found["shift"]


@pytest.mark.parametrize("address", ["/", "/teot", "/teot/5", "/teot?q=kirjasto"])
def test_a_page_is_there_in_two_seconds_on_a_slow_phone(open_page: Callable[..., Page], address: str) -> None:
    warm = open_page()
    warm.goto(address)
    slower, tries = slower_than(warm), []
    for _ in range(TRIES):
        largest, shift = measured(open_page(**PHONE), address, slower)
        tries.append(round(largest))
        assert shift <= MOST_SHIFT
        if 0 < largest < MOST_MS:
            break
    assert 0 < min(tries) < MOST_MS, tries
    print(f"{address}: {min(tries)} ms, shift {shift:.3f}, the host slowed {slower:.1f} times")
