import DurableStorage
import Foundation
import HubProtocol
import SimulatedStorage

/// How long a page of a hundred images takes anywhere in a long list, and how much memory the process has then.
struct PageBenchmark {
    let stores: BenchmarkStores
    let count: Int

    private static let repetitions = 21
    private static let batch = 1000
    /// Milliseconds for a page, at any place.
    private static let promiseMs = 100.0

    func run() async throws -> Bool {
        let began = ContinuousClock.now
        try await fill()
        let filled = (ContinuousClock.now - began) / .seconds(1)
        var worst = 0.0
        var figures: [String] = []
        for filter in [ImageFilter(), ImageFilter(type: "type 1"), ImageFilter(type: "type 1", theme: "theme 1")] {
            let total = try await stores.core.records.transact(.reading) { reader throws(RecordStoreError) in
                (try reader.imageCount(matching: filter), [])
            }
            for skip in [0, total / 2, max(0, total - 100)] {
                let milliseconds = try await time(filter, skip: skip)
                worst = max(worst, milliseconds)
                figures.append("\(total) at \(skip): \((milliseconds * 100).rounded() / 100) ms")
            }
        }
        print(
            "\(stores.name), \(count) images written in \(Int(filled)) s: pages of 100: "
                + "\(figures.joined(separator: ", ")); \(residentMegabytes()) MB"
        )
        return worst < Self.promiseMs * 1.1
    }

    /// The median of some.
    private func time(_ filter: ImageFilter, skip: Int) async throws -> Double {
        var milliseconds: [Double] = []
        for _ in 0..<Self.repetitions {
            let began = ContinuousClock.now
            let page = try await stores.core.records.transact(.reading) { reader throws(RecordStoreError) in
                (try reader.images(matching: filter, skip: skip, limit: 100), [])
            }
            guard page.count == 100 else { throw CocoaError(.featureUnsupported) }
            milliseconds.append((ContinuousClock.now - began) / .milliseconds(1))
        }
        return milliseconds.sorted()[Self.repetitions / 2]
    }

    private func fill() async throws {
        for start in stride(from: 0, to: count, by: Self.batch) {
            let changes = (start..<min(count, start + Self.batch)).map { number in
                let time = Timestamp(millisecondsSinceEpoch: 1_700_000_000_000 + Int64(number) * 100)
                return Change.insertImage(
                    ImageRecord(
                        id: IDSource.random.next(),
                        type: "type \(number % 10)",
                        subtype: "subtype",
                        name: "name \(number)",
                        theme: "theme \(number / 10 % 10)",
                        content: .benchmark,
                        version: 1,
                        createdAt: time,
                        updatedAt: time
                    )
                )
            }
            try await stores.core.records.transact(.writing) { _ throws(RecordStoreError) in ((), changes) }
        }
    }
}
