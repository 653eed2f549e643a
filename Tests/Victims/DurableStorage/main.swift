// The process that DurableStorage's tests kill: it changes a store from several tasks at once and says what it does.
//
//     DurableStorageVictim DIR SEED ROUND STEP COUNT MS
//
// It ends itself with SIGKILL when STEP has been reached COUNT times, or when it is reached after the store was open for MS,
// however slow the machine is; where STEP is `none`, MS after its start. Before it dies at a step it says so. Every line on standard output is a JSON object: a request before it is carried out, a reply after
// it, an asset that was put, an event when it is published. A line is one write(2), so that what was said is said,
// whenever the process ends.
import Crypto
import DurableStorage
import Foundation
import HubProtocol
import JSON
import Logging
import MessageHub
import NIOCore
import SimulatedStorage
import Synchronization

let arguments = CommandLine.arguments
guard arguments.count == 7, let seed = UInt64(arguments[2]), let round = UInt64(arguments[3]),
    let count = Int(arguments[5]), let latestMs = Int(arguments[6])
else {
    print("usage: DurableStorageVictim DIR SEED ROUND STEP COUNT MS")
    exit(64)
}

@Sendable func say(_ line: JSONValue) {
    let bytes = line.encoded() + [UInt8(ascii: "\n")]
    guard write(STDOUT_FILENO, bytes, bytes.count) == bytes.count else { exit(1) }
}

let left = Mutex(count)
let target = DurableStep(rawValue: arguments[4])

/// In a thread, because all of the pool's may be busy.
func endItself(afterMs milliseconds: Int) {
    Thread.detachNewThread {
        Thread.sleep(forTimeInterval: Double(milliseconds) / 1000)
        kill(getpid(), SIGKILL)
    }
}

// Anywhere: also while the store is opened.
if target == nil { endItself(afterMs: latestMs) }
let store = try DurableStore(
    directory: arguments[1],
    time: .system,
    logger: Logger(label: "victim") { _ in SwiftLogNoOpLogHandler() },
    onStep: { step in
        guard step == target else { return }
        let isOver = left.withLock { left in
            left -= 1
            return left <= 0
        }
        if isOver {
            say(["killed_at": .string(step.rawValue)])
            kill(getpid(), SIGKILL)
        }
    }
)
let core = StorageCore(
    records: store.records,
    assetStore: store.assets,
    time: .system,
    logger: Logger(label: "victim") { _ in SwiftLogNoOpLogHandler() }
)
say(["ready": true])
if target != nil {
    Thread.detachNewThread {
        Thread.sleep(forTimeInterval: Double(latestMs) / 1000)
        left.withLock { $0 = 1 }
    }
}

await withTaskGroup(of: Void.self) { group in
    for worker in 0..<8 as Range<UInt64> {
        group.addTask {
            var worker = Worker(
                core: core,
                seed: seed &* 1_000_003 &+ round &* 101 &+ worker,
                name: "\(round)-\(worker)"
            )
            while true { await worker.doSomething() }
        }
    }
    group.addTask {
        // Publishes: says each event, and only then lets the store forget it.
        while true {
            guard
                let batch = try? await store.records.transact(
                    .reading,
                    { reader throws(RecordStoreError) in
                        (try reader.pendingEvents(limit: 16), [])
                    }
                )
            else { exit(1) }
            for pending in batch { say(["event": pending.event.json]) }
            let published = Set(batch.map(\.sequence))
            guard
                (try? await store.records.transact(
                    .writing,
                    { _ throws(RecordStoreError) in
                        ((), [.forgetEvents(sequences: published)])
                    }
                )) != nil
            else { exit(1) }
        }
    }
}
