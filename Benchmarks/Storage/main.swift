// What the storage side takes, on the memory store and on the durable one.
//
//     StorageBenchmark creates memory|durable COUNT     create_image through the in-process hub, so many in flight
//     StorageBenchmark pages memory|durable COUNT       pages of a list of so many images, and the memory that takes
//     StorageBenchmark start memory|durable PROGRAM     how soon that StorageSimulator is ready
//     StorageBenchmark idle memory|durable PROGRAM      what it takes of a processor while nobody asks it anything
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

let arguments = CommandLine.arguments
guard arguments.count == 4 else { usage() }

let isKept: Bool
switch (arguments[1], Int(arguments[3])) {
case ("creates", let count?) where count > 0, ("pages", let count?) where count > 0:
    guard let stores = try BenchmarkStores(arguments[2]) else { usage() }
    isKept =
        arguments[1] == "creates"
        ? try await CreateBenchmark(stores: stores, count: count).run()
        : try await PageBenchmark(stores: stores, count: count).run()
    stores.remove()
case ("start", nil), ("idle", nil):
    guard let program = try ProgramBenchmark(arguments[3], store: arguments[2]) else { usage() }
    isKept = try await arguments[1] == "start" ? program.start() : program.idle()
    program.remove()
default: usage()
}
exit(isKept ? 0 : 1)

func usage() -> Never {
    print("usage: StorageBenchmark creates|pages memory|durable COUNT, or start|idle memory|durable PROGRAM")
    exit(64)
}
