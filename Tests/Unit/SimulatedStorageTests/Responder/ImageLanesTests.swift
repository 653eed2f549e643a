import Testing

@testable import SimulatedStorage

@Suite(.timeLimit(.minutes(5))) struct ImageLanesTests {
    @Test func turnsOfOneImageComeInOrderWhicheverTaskComesFirst() async {
        let lanes = ImageLanes()
        let order = Collected<Int>()
        let turns = (0..<100).map { ($0, lanes.turn(forImage: "image")) }
        await withTaskGroup(of: Void.self) { group in
            for (number, turn) in turns.reversed() {
                group.addTask {
                    await lanes.take(turn) {
                        await Task.yield()
                        order.append(number)
                    }
                }
            }
        }
        #expect(order.elements == Array(0..<100))
        #expect(lanes.count == 0)
    }

    @Test func otherImagesDoNotWait() async {
        let lanes = ImageLanes()
        let gate = Gate()
        let held = lanes.turn(forImage: "a")
        let free = [lanes.turn(forImage: "b"), lanes.turn(forImage: nil), lanes.turn(forImage: nil)]
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await lanes.take(held) { await gate.pass() } }
            for turn in free { await lanes.take(turn) {} }
            #expect(lanes.count == 1)
            gate.open()
        }
        #expect(lanes.count == 0)
    }

    @Test func aLongQueueOfTurnsIsLetGo() async {
        // Turns must not hold one another: that would be memory without bound, and a stack overflow at its end.
        let lanes = ImageLanes()
        for _ in 0..<200_000 {
            await lanes.take(lanes.turn(forImage: "image")) {}
        }
        #expect(lanes.count == 0)
        var turn: ImageLanes.Turn? = lanes.turn(forImage: "image")
        weak let first = turn
        for _ in 0..<1000 {
            let next = lanes.turn(forImage: "image")
            await lanes.take(turn!) {}
            turn = next
        }
        #expect(first == nil)
        await lanes.take(turn!) {}
    }
}
