// Solves the challenge in the form of a page while somebody fills it in, in slices short enough that nobody notices. The
// form is held back only where a proof is asked for and is not there yet. (No worker: the policy of our pages lets no
// script make one.)
import { Search } from "./sha256.ts";

const slice = 10;           // ms of work between two looks at what else there is to do
const few = 500;            // digests between two looks at the clock
const pause = 2000;         // ms between two announcements
const renewed_after = 0.8;  // of a challenge's time

interface Challenge { text: string; difficulty: number }

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();
/** Lets everything else that waits have its turn; a timer would be held up longer. */
const rest = (): Promise<void> => new Promise((resolve) => {
  waiting.push(resolve);
  channel.port2.postMessage(null);
});

class Work {
  readonly #form: HTMLFormElement;
  readonly #input: HTMLInputElement;
  readonly #status: Element | null;
  readonly #seconds: number;
  #challenge: Challenge;
  #since = Date.now();
  #started: Promise<void> | undefined;
  #share = 0;  // of the work that is done, by likelihood
  #is_sending = false;

  constructor(input: HTMLInputElement, form: HTMLFormElement) {
    this.#form = form;
    this.#input = input;
    this.#status = input.nextElementSibling;
    if (this.#status) this.#status.textContent = "";  // what is there is for who runs no script
    this.#seconds = Number(input.dataset["seconds"]);
    this.#challenge = { text: input.value, difficulty: Number(input.dataset["bits"]) };
    const begin = (): void => void this.#solved();
    if (this.#is_asked()) begin();
    form.addEventListener("focusin", begin);
    form.addEventListener("submit", (event) => this.#submit(event));
    addEventListener("pageshow", (event) => { if (event.persisted) void this.#renew(); });
    setInterval(() => void this.#renew_when_old(), 10_000);
  }

  #is_asked(): boolean { return this.#input.dataset["asked"] !== undefined; }

  #solved(): Promise<void> { return this.#started ??= this.#solve(); }

  async #solve(): Promise<void> {
    const challenge = this.#challenge;
    const search = new Search(`${challenge.text}:`, challenge.difficulty);
    for (;;) {
      const end = performance.now() + slice;
      do {
        const number = search.run(few);
        if (challenge !== this.#challenge) return this.#solved();  // renewed meanwhile
        if (number !== null) {
          this.#input.value = `${challenge.text}:${number}`;
          this.#share = 1;
          return;
        }
      } while (performance.now() < end);
      this.#share = 1 - Math.exp(-search.tried / 2 ** challenge.difficulty);
      await rest();
    }
  }

  #is_old(): boolean { return Date.now() - this.#since > this.#seconds * renewed_after * 1000; }

  async #renew_when_old(): Promise<void> { if (this.#is_old() && !this.#is_sending) await this.#renew(); }

  /** A form that was open for long, or that comes back, has a challenge that is over or used. */
  async #renew(): Promise<void> {
    const answer = await fetch("/v1/signup/challenge", { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) return;
    const { asked, challenge } = await answer.json() as { asked: boolean; challenge: Challenge };
    this.#input.toggleAttribute("data-asked", asked);
    this.#challenge = challenge;
    this.#input.value = challenge.text;
    this.#since = Date.now();
    this.#started = undefined;
    this.#share = 0;
    await this.#solved();
  }

  #submit(event: SubmitEvent): void {
    if (event.defaultPrevented && !this.#is_sending) return;
    if (!this.#is_old() && (this.#input.value.includes(":") || !this.#is_asked())) return;
    event.preventDefault();
    if (!this.#is_sending) void this.#send();
  }

  async #send(): Promise<void> {
    this.#is_sending = true;
    this.#say();
    const saying = setInterval(() => this.#say(), pause);
    await (this.#is_old() ? this.#renew() : this.#solved());
    clearInterval(saying);
    this.#form.submit();
    this.#is_sending = false;
  }

  /** What goes on, for everybody: at the form, and in what a screen reader announces. */
  #say(): void {
    const text = this.#input.dataset["solving"] ?? "";
    if (this.#status) this.#status.textContent = text.replace("%d", String(Math.floor(this.#share * 100)));
  }
}

const input = document.querySelector<HTMLInputElement>("input[name=proof][data-bits]");
if (input?.form) new Work(input, input.form);
