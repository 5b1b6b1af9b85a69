-- GET /v1/users by coins, each page from a random place: the cursors are in the file BENCH_CURSORS, a line each.
local cursors = {}
for line in io.lines(os.getenv("BENCH_CURSORS")) do cursors[#cursors + 1] = line end
math.randomseed(7)
request = function()
  return wrk.format(nil, "/v1/users?sort=-coins&limit=50&cursor=" .. cursors[math.random(#cursors)])
end
