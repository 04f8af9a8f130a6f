// What this computer keeps. A browser that keeps nothing (a private window, a full disk) is no fault.

/** Keep an object; whether it is kept. */
export function keep(key, object) {
  try {
    localStorage.setItem(key, JSON.stringify(object));
    return true;
  } catch {
    return false;
  }
}

/** The object that is kept there; null for none. */
export function kept(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

export function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}
