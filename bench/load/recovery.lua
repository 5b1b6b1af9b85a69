-- POST /v1/recover for addresses that nobody has, ever new ones, from many networks; or for BENCH_ADDRESS alone.
local one = os.getenv("BENCH_ADDRESS")
wrk.method = "POST"
math.randomseed(11)
request = function()
  local address = one or ("nobody" .. math.random(1, 1000000000) .. "@example.com")
  return wrk.format(nil, nil, { ["Content-Type"] = "application/json" }, '{"uid":"' .. address .. '"}')
end
