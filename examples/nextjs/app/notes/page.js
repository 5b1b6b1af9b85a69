import { headers } from "next/headers";

export default async function Notes() {
  const user = Buffer.from((await headers()).get("remote-user"), "latin1").toString(); // it is UTF-8
  return <main><h1>Notes of {user}</h1><a href={`${process.env.CARDEA_URL ?? "http://localhost:8025"}/signout`}>Sign out</a></main>;
}
