// Whether one comes to a gathering or at which rank one waits, read from the lists of the card, which is pushed.
// The words change at once and politely; the button's only when nobody is on it.
import { keepPlace, whenFree } from "./place.js";

class OwnSeat extends HTMLElement {
  #lists = new MutationObserver(() => this.#follow());

  connectedCallback() {
    const card = document.getElementById(this.dataset.card);
    if (card) this.#lists.observe(card.parentElement, { childList: true, subtree: true });
    this.#follow();
  }

  disconnectedCallback() {
    this.#lists.disconnect();
  }

  /** Whoever is in neither list has left them elsewhere: what stands here stays until the page is loaded again. */
  #follow() {
    const rank = 1 + this.#in("waiting");
    const state = rank ? "waiting" : this.#in("coming") >= 0 ? "coming" : "";
    if (state) this.#say(state, rank);
  }

  /** Where the member stands in a list, -1 when they do not. */
  #in(list) {
    const rows = document.querySelectorAll(`#${this.dataset.card} [data-seats="${list}"] > li`);
    return [...rows].findIndex((row) => row.dataset.member === this.dataset.member);
  }

  #say(state, rank) {
    const words = (key) => this.querySelector("template").content.querySelector(`[data-key="${key}"]`).textContent;
    const [sentence, button] = this.querySelectorAll("[data-words], button");
    const said = words(state).replace("{n}", rank);
    if (sentence.textContent !== said) keepPlace(() => (sentence.textContent = said));
    const leave = words(`leave_${state}`);
    if (button.textContent !== leave) whenFree(button, () => (button.textContent = leave));
  }
}

customElements.define("own-seat", OwnSeat);
