import AMQP
import Octets

/// Destinations by patterns of words, where `*` is one word and `#` any number of them (AMQP 0-9-1 §3.1.3.3).
///
/// The patterns are one tree of words. A key walks all fitting paths at once, as a set of nodes that moves word by
/// word: a pattern of many `#` then costs words × nodes at most, and no client can make it explode.
final class TopicTable: RoutingTable {
    private final class Node {
        var words: [ExactText: Node] = [:]
        var anyWord: Node?
        var anyWords: Node?
        /// Whether the pattern so far ends in `#`, so that a further word may stay here.
        let staysForAnyWord: Bool
        var destinations: [Destination] = []
        /// The step in which it was last put into the set.
        var mark: UInt64 = 0

        init(staysForAnyWord: Bool) { self.staysForAnyWord = staysForAnyWord }

        var isUseless: Bool { destinations.isEmpty && words.isEmpty && anyWord == nil && anyWords == nil }
    }

    private let root = Node(staysForAnyWord: false)
    private var step: UInt64 = 0

    func add(_ binding: Binding) {
        var node = root
        for word in Self.words(of: binding.key.routingKey.text) { node = child(of: node, word) }
        node.destinations.append(binding.destination)
    }

    func remove(_ binding: Binding) {
        remove(binding.destination, Self.words(of: binding.key.routingKey.text)[...], below: root)
    }

    func match(keys: [String], headers: FieldTable?, into found: inout [Destination]) {
        for key in keys {
            for node in nodes(matching: key) { found.append(contentsOf: node.destinations) }
        }
    }

    /// The words of a key or pattern. RabbitMQ takes the empty key for no word at all, and `a.` for `a` and an empty one.
    static func words(of key: String) -> [ExactText] {
        guard !key.isEmpty else { return [] }
        // By octets: a dot that Unicode joins with a mark behind it is a dot.
        return key.utf8
            .split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .map { ExactText(String(Substring($0))) }
    }

    private func child(of node: Node, _ word: ExactText) -> Node {
        switch word.text {
        case "*":
            if let next = node.anyWord { return next }
            let next = Node(staysForAnyWord: false)
            node.anyWord = next
            return next
        case "#":
            if let next = node.anyWords { return next }
            let next = Node(staysForAnyWord: true)
            node.anyWords = next
            return next
        default:
            if let next = node.words[word] { return next }
            let next = Node(staysForAnyWord: false)
            node.words[word] = next
            return next
        }
    }

    /// Removes the destination and the nodes that then lead nowhere. A pattern has at most 128 words, so it may recurse.
    private func remove(_ destination: Destination, _ words: ArraySlice<ExactText>, below node: Node) {
        guard let word = words.first else { return node.destinations.removeOne(destination) }
        let rest = words.dropFirst()
        switch word.text {
        case "*":
            guard let next = node.anyWord else { return }
            remove(destination, rest, below: next)
            if next.isUseless { node.anyWord = nil }
        case "#":
            guard let next = node.anyWords else { return }
            remove(destination, rest, below: next)
            if next.isUseless { node.anyWords = nil }
        default:
            guard let next = node.words[word] else { return }
            remove(destination, rest, below: next)
            if next.isUseless { node.words[word] = nil }
        }
    }

    private func nodes(matching key: String) -> [Node] {
        step += 1
        var current: [Node] = []
        enter(root, &current)
        for word in Self.words(of: key) {
            step += 1
            var next: [Node] = []
            for node in current {
                if node.staysForAnyWord { enter(node, &next) }
                if let follower = node.words[word] { enter(follower, &next) }
                if let follower = node.anyWord { enter(follower, &next) }
            }
            current = next
        }
        return current
    }

    /// Puts a node into the set, and what `#` reaches from it without a word.
    private func enter(_ node: Node, _ set: inout [Node]) {
        var node = node
        while node.mark != step {
            node.mark = step
            set.append(node)
            guard let next = node.anyWords else { return }
            node = next
        }
    }
}
