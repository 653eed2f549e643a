import MessageHub

/// Messages that were sent on a channel and are not confirmed yet, by their delivery tag.
///
/// Tags count from 1 in the order of publishing (RabbitMQ's publisher confirms). A confirm may come out of order, and
/// one with `multiple` is for everything up to its tag.
///
///     var window = ConfirmWindow<String>()
///     window.append("a")                         // 1
///     window.append("b")                         // 2
///     try window.settle(tag: 2, multiple: true)  // ["a", "b"]
struct ConfirmWindow<Entry> {
    private var entries: [Entry?] = []
    private var head = 0
    private var firstTag: UInt64 = 1

    /// A confirm for a tag that was never used.
    struct UnknownTag: Error, Equatable {
        let tag: UInt64
    }

    /// How many entries the window spans, confirmed ones between others included.
    var count: Int { entries.count - head }

    @discardableResult
    mutating func append(_ entry: Entry) -> UInt64 {
        entries.append(entry)
        return firstTag + UInt64(entries.count - head) - 1
    }

    /// Takes out what a confirm is for. What was confirmed before is not given again.
    mutating func settle(tag: UInt64, multiple: Bool, _ confirmed: (Entry) -> Void) throws(UnknownTag) {
        let nextTag = firstTag + UInt64(count)
        guard tag < nextTag, tag > 0 || multiple else { throw UnknownTag(tag: tag) }
        // AMQP 0-9-1 basic.ack: tag 0 with multiple is for all messages.
        let last = tag == 0 ? nextTag - 1 : tag
        guard last >= firstTag else { return }
        let lastIndex = head + Int(last - firstTag)
        if multiple {
            for index in head..<(lastIndex + 1) {
                if let entry = entries[index] { confirmed(entry) }
                entries[index] = nil
            }
        } else if let entry = entries[lastIndex] {
            confirmed(entry)
            entries[lastIndex] = nil
        }
        advance()
    }

    /// The first entry in order of publishing that fits and is not confirmed.
    func first(where fits: (Entry) -> Bool) -> Entry? {
        for case let entry? in entries[head...] where fits(entry) { return entry }
        return nil
    }

    /// Everything that is not confirmed, in order; none is left.
    mutating func removeAll() -> [Entry] {
        defer {
            firstTag += UInt64(count)
            entries = []
            head = 0
        }
        return entries[head...].compactMap { $0 }
    }

    private mutating func advance() {
        while head < entries.count, entries[head] == nil {
            head += 1
            firstTag += 1
        }
        if head == entries.count {
            entries.removeAll(keepingCapacity: head <= 65_536)
            head = 0
        } else if head > 1024, head > entries.count / 2 {
            entries.removeFirst(head)
            head = 0
        }
    }
}
