// What the storage side takes, on the memory store and on the durable one.
//
//     StorageBenchmark creates memory|durable COUNT     create_image through the in-process hub, so many in flight
//     StorageBenchmark pages memory|durable COUNT       pages of a list of so many images, and the memory that takes
//
// Prints one line. Exits with 1 where a promise is missed by more than a tenth.
import DurableStorage
import Foundation
import HubProtocol
import HubSim
import Logging
import MessageHub
import ServiceLifecycle
import SimulatedStorage

guard CommandLine.arguments.count == 4, let count = Int(CommandLine.arguments[3]), count > 0,
    let stores = try BenchmarkStores(CommandLine.arguments[2])
else {
    print("usage: StorageBenchmark creates|pages memory|durable COUNT")
    exit(64)
}

let isKept: Bool
switch CommandLine.arguments[1] {
case "creates": isKept = try await CreateBenchmark(stores: stores, count: count).run()
case "pages": isKept = try await PageBenchmark(stores: stores, count: count).run()
default:
    print("usage: StorageBenchmark creates|pages memory|durable COUNT")
    exit(64)
}
stores.remove()
exit(isKept ? 0 : 1)
