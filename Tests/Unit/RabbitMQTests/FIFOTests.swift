import MessageHub
import Testing

@testable import RabbitMQ

@Suite struct FIFOTests {
    @Test func `gives what was put in, in order`() {
        var queue = FIFO<Int>()
        var random = SeededGenerator(seed: 5)
        var put = 0
        var taken = 0
        for _ in 0..<50_000 {
            if Int.random(in: 0..<5, using: &random) < 3 {
                queue.append(put)
                put += 1
            } else if let element = queue.popFirst() {
                #expect(element == taken)
                taken += 1
            }
            #expect(queue.count == put - taken)
        }
        #expect(queue.removeAll() == Array(taken..<put))
        #expect(queue.isEmpty && queue.popFirst() == nil)
    }

    @Test func `drops what is not wanted`() {
        var queue = FIFO<Int>()
        for number in 0..<10 { queue.append(number) }
        _ = queue.popFirst()
        queue.removeAll { $0.isMultiple(of: 2) }
        #expect(queue.count == 5)
        #expect(queue.removeAll() == [1, 3, 5, 7, 9])
    }
}
