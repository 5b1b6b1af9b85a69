// A Next.js application that Cardea keeps the door of.
import { NextResponse } from "next/server";

const cardea = process.env.CARDEA_URL ?? "http://localhost:8025";
const asked = ["accept", "cookie", "sec-fetch-dest"];
const answered = ["content-type", "location", "set-cookie"];

export const config = { matcher: ["/((?!_next/|$).*)"] }; // the first page is for everybody

// Who is there? Browsers of nobody are sent to sign in, and come back.
export async function proxy(request) {
  const { pathname, search, protocol } = request.nextUrl;
  const headers = new Headers({
    "X-Forwarded-Method": request.method,
    "X-Forwarded-Proto": protocol.replace(":", ""),
    "X-Forwarded-Host": request.headers.get("host"),
    "X-Forwarded-Uri": pathname + search,
  });
  for (const name of asked) if (request.headers.has(name)) headers.set(name, request.headers.get(name));
  const answer = await fetch(`${cardea}/v1/forward-auth`, { headers, redirect: "manual", signal: AbortSignal.timeout(5000) });
  if (answer.status !== 200) {
    const response = new NextResponse(answer.body, { status: answer.status });
    for (const name of answered) if (answer.headers.has(name)) response.headers.set(name, answer.headers.get(name));
    return response;
  }
  const known = new Headers(request.headers);
  known.set("Remote-User", answer.headers.get("Remote-User")); // in place of what the client may have sent
  return NextResponse.next({ request: { headers: known } });
}
