// A reporter of node:test that writes one line of JSON per case, for tools/test_summary.py. A test that has subtests is
// not a case itself, unless it failed on its own account (a hook, a process that died).
export default async function* report(events) {
  let depth = 0; // of what was reported last: deeper than this event means that it is the parent
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    const isGroup = depth > data.nesting || data.details.type === "suite";
    depth = data.nesting;
    const failed = type === "test:fail" && !data.todo;
    if (isGroup && (!failed || data.details.error?.failureType === "subtestsFailed")) continue;
    const outcome = failed ? "failed" : data.skip !== undefined || data.todo !== undefined ? "skipped" : "passed";
    yield `${JSON.stringify({ name: data.name, outcome, seconds: data.details.duration_ms / 1000 })}\n`;
  }
}
