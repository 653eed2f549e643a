extension String {
    /// Whether both texts have the same octets in UTF-8, and so the same Unicode scalars.
    public func isExactly(_ other: String) -> Bool {
        let isSame = utf8.withContiguousStorageIfAvailable { left in
            other.utf8.withContiguousStorageIfAvailable { right in
                left.count == right.count && Self.isSame(UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right))
            }
        }
        return (isSame ?? nil) ?? utf8.elementsEqual(other.utf8)
    }

    /// Whether its octets in UTF-8 come before the other's.
    public func isExactly(before other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }

    /// Whether its octets in UTF-8 begin with all of the other's.
    public func beginsExactly(with prefix: String) -> Bool { utf8.starts(with: prefix.utf8) }

    /// Feeds the hasher the octets. Texts that are exactly equal hash alike.
    public func hashExactly(into hasher: inout Hasher) {
        let fed: Void? = utf8.withContiguousStorageIfAvailable { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        if fed == nil { for octet in utf8 { hasher.combine(octet) } }
        // No text is the beginning of another one (as in the standard library): no octet of UTF-8 is 0xFF.
        hasher.combine(0xFF as UInt8)
    }

    /// Compares as many octets, eight at a time.
    private static func isSame(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        var offset = 0
        while offset + 8 <= left.count {
            let words = (
                left.loadUnaligned(fromByteOffset: offset, as: UInt64.self),
                right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            )
            if words.0 != words.1 { return false }
            offset += 8
        }
        while offset < left.count {
            if left[offset] != right[offset] { return false }
            offset += 1
        }
        return true
    }
}

extension Sequence {
    /// The elements in the order of the octets of one of their texts; those that have the same stay as they are.
    public func sorted(byOctetsOf text: (Element) -> String) -> [Element] {
        sorted { text($0).isExactly(before: text($1)) }
    }
}
