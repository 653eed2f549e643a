import MessageHub
import Testing

@testable import RabbitMQ

@Suite struct ConfirmWindowTests {
    private func settled(
        _ window: inout ConfirmWindow<String>,
        _ tag: UInt64,
        multiple: Bool = false
    ) throws(ConfirmWindow<String>.UnknownTag) -> [String] {
        var entries: [String] = []
        try window.settle(tag: tag, multiple: multiple) { entries.append($0) }
        return entries
    }

    @Test func `confirms in order, out of order, and of several`() throws {
        var window = ConfirmWindow<String>()
        #expect(["a", "b", "c", "d", "e"].map { window.append($0) } == [1, 2, 3, 4, 5])
        #expect(try settled(&window, 2) == ["b"])
        #expect(try settled(&window, 3, multiple: true) == ["a", "c"])
        #expect(window.count == 2)
        #expect(try settled(&window, 0, multiple: true) == ["d", "e"])
        #expect(window.count == 0)
        #expect(window.append("f") == 6)
        #expect(try settled(&window, 6) == ["f"])
    }

    @Test func `a repeated confirm settles nothing`() throws {
        var window = ConfirmWindow<String>()
        for entry in ["a", "b", "c"] { window.append(entry) }
        #expect(try settled(&window, 2) == ["b"])
        #expect(try settled(&window, 2) == [])
        #expect(try settled(&window, 2, multiple: true) == ["a"])
        #expect(try settled(&window, 1) == [])
        #expect(try settled(&window, 1, multiple: true) == [])
    }

    @Test func `a confirm of what was never sent is an error`() throws {
        var window = ConfirmWindow<String>()
        window.append("a")
        #expect(throws: ConfirmWindow<String>.UnknownTag(tag: 2)) { try settled(&window, 2) }
        #expect(throws: ConfirmWindow<String>.UnknownTag(tag: 2)) { try settled(&window, 2, multiple: true) }
        #expect(throws: ConfirmWindow<String>.UnknownTag(tag: 0)) { try settled(&window, 0) }
        #expect(try settled(&window, 1) == ["a"])
        #expect(try settled(&window, 0, multiple: true) == [])
    }

    @Test func `finds the first that fits and gives the rest in order`() throws {
        var window = ConfirmWindow<String>()
        for entry in ["x1", "y", "x2", "x3"] { window.append(entry) }
        _ = try settled(&window, 1)
        #expect(window.first { $0.hasPrefix("x") } == "x2")
        #expect(window.removeAll() == ["y", "x2", "x3"])
        #expect(window.append("z") == 5)
    }

    @Test func `stays right and small over many messages`() throws {
        var window = ConfirmWindow<String>()
        var random = SeededGenerator(seed: 3)
        var open: [UInt64: String] = [:]
        for round in 0..<20_000 {
            let entry = "m\(round)"
            open[window.append(entry)] = entry
            guard open.count > 50 || Bool.random(using: &random), let tag = open.keys.randomElement(using: &random)
            else {
                continue
            }
            if Int.random(in: 0..<4, using: &random) == 0 {
                let expected = open.keys.filter { $0 <= tag }.sorted().compactMap { open.removeValue(forKey: $0) }
                #expect(try settled(&window, tag, multiple: true) == expected)
            } else {
                #expect(try settled(&window, tag) == [open.removeValue(forKey: tag)])
            }
        }
        #expect(Set(window.removeAll()) == Set(open.values))
    }
}
