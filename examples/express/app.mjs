// An Express application that Cardea keeps the door of.
import express from "express";

const cardea = process.env.CARDEA_URL ?? "http://localhost:8025";
const asked = ["accept", "cookie", "sec-fetch-dest"];
const answered = ["content-type", "location", "set-cookie"];

const escape = (text) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const app = express();

app.get("/", (request, response) => response.send('<h1>Welcome</h1><a href="/notes">Your notes</a>'));

// Who is there? Browsers of nobody are sent to sign in, and come back. For all that follows.
app.use(async (request, response, next) => {
  const headers = new Headers({
    "X-Forwarded-Method": request.method,
    "X-Forwarded-Proto": request.protocol,
    "X-Forwarded-Host": request.headers.host,
    "X-Forwarded-Uri": request.originalUrl,
  });
  for (const name of asked) if (request.headers[name]) headers.set(name, request.headers[name]);
  const answer = await fetch(`${cardea}/v1/forward-auth`, { headers, redirect: "manual", signal: AbortSignal.timeout(5000) });
  if (answer.status !== 200) {
    for (const name of answered) if (answer.headers.has(name)) response.set(name, answer.headers.get(name));
    return response.status(answer.status).send(await answer.text());
  }
  request.user = (await answer.json()).user;
  next();
});

app.get("/notes", (request, response) =>
  response.send(`<h1>Notes of ${escape(request.user)}</h1><a href="${cardea}/signout">Sign out</a>`));

app.listen(process.env.PORT ?? 3000);
