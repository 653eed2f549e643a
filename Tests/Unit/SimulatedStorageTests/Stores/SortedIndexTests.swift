import MessageHub
import Testing

@testable import SimulatedStorage

@Suite struct SortedIndexTests {
    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func isASortedArray(seed: UInt64) {
        // Against the trivially right one: an array that is sorted anew.
        var generator = SeededGenerator(seed: seed)
        var index = SortedIndex<Int>()
        var model: [Int] = []
        for step in 0..<6000 {
            let isGrowing = step < 4000
            if model.isEmpty || Int.random(in: 0..<10, using: &generator) < (isGrowing ? 8 : 2) {
                // In order, in any order, or around one place.
                let key =
                    switch seed % 3 {
                    case 0: step
                    case 1: Int.random(in: 0..<1_000_000, using: &generator)
                    default: -step
                    }
                guard !model.contains(key) else { continue }
                index.insert(key)
                model.append(key)
            } else {
                let key = model.remove(at: Int.random(in: 0..<model.count, using: &generator))
                index.remove(key)
            }
            if step.isMultiple(of: 97) {
                model.sort()
                let skip = Int.random(in: 0...model.count + 2, using: &generator)
                let limit = Int.random(in: 0...1500, using: &generator)
                #expect(index.page(skip: skip, limit: limit) == Array(model.dropFirst(skip).prefix(limit)))
                #expect(index.first == model.first)
            }
            if index.count != model.count {
                Issue.record("\(index.count) keys at step \(step), not \(model.count)")
                return
            }
        }
    }

    @Test func anEmptyOneHasNoPage() {
        let index = SortedIndex<Int>()
        #expect(index.isEmpty)
        #expect(index.page(skip: 0, limit: 10) == [])
        #expect(index.first == nil)
    }
}
