// How long a hub takes to start in a process that has started one before: what each test pays that has a hub of its own.
// Prints the median of many starts as JSON, in milliseconds.
import HubSim

let starts = 101
let clock = ContinuousClock()
var milliseconds: [Double] = []
for start in 0...starts {
    let began = clock.now
    let hub = try await HubSim.start()
    let took = clock.now - began
    await hub.shutdown()
    // The first one warms up.
    if start > 0 { milliseconds.append(took / .milliseconds(1)) }
}
milliseconds.sort()
print("{\"start_ms\": \(milliseconds[starts / 2])}")
