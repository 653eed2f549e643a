import CRabbitMQ
import MessageHub

/// Strings laid one behind another, so that C gets one pointer that must stay alive and not one for each.
struct StringBlock {
    private(set) var bytes: [UInt8] = []

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    mutating func add(_ text: String) -> crmq_range {
        let offset = bytes.count
        bytes.append(contentsOf: text.utf8)
        return crmq_range(offset: UInt32(offset), count: UInt32(bytes.count - offset), is_present: 1)
    }

    mutating func add(_ text: String?) -> crmq_range {
        guard let text else { return crmq_range() }
        return add(text)
    }

    /// Calls `body` with a pointer to each text, ended by NUL; NULL for `nil`. They are good until `body` returns.
    static func withCStrings<Result>(
        _ texts: [String?],
        _ body: ([UnsafePointer<CChar>?]) -> Result
    ) -> Result {
        var block: [CChar] = []
        let offsets = texts.map { text -> Int? in
            guard let text else { return nil }
            defer { block.append(contentsOf: text.utf8CString) }
            return block.count
        }
        return block.withUnsafeBufferPointer { buffer in
            body(offsets.map { offset in offset.flatMap { buffer.baseAddress?.advanced(by: $0) } })
        }
    }
}
