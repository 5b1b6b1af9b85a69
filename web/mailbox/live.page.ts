// The mailbox shows what has come without being asked again.

const list = document.querySelector("[data-mailbox]");
if (list !== null) {
  let known: string | undefined;
  const events = new EventSource("/mail/events");
  events.addEventListener("latest", (event) => {
    const latest = (event as MessageEvent<string>).data;
    if (known !== undefined && latest !== known) {
      events.close();
      location.reload();
    }
    known = latest;
  });
}
