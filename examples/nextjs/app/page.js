export default function Home() {
  return <main><h1>Welcome</h1><a href="/notes">Your notes</a></main>;
}
