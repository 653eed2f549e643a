/// What the `meta` box of a HEIF file (ISO/IEC 23008-12) says of its primary item.
struct AVIFItems {
    /// Version and flags, which a full box begins with.
    private static let fullBoxBytes = 4

    private var primary: Int?
    private var types: [Int: Int] = [:]
    private var properties: [ISOBox] = []
    /// Indices into `properties`, from 1 on, by item, in the order that transformations are applied in.
    private var associations: [Int: [Int]] = [:]
    /// Where the data of each item lies; `nil` for an item in several pieces or not in the file itself.
    private var locations: [Int: Range<Int>?] = [:]

    /// Reads the boxes in `range`, the content of `meta`.
    init(_ bytes: Span<UInt8>, meta range: Range<Int>) throws(ImageFault) {
        guard range.count >= Self.fullBoxBytes else { throw .malformed("an empty meta box") }
        var offset = range.lowerBound + Self.fullBoxBytes
        while offset < range.upperBound {
            let box = try ISOBox(bytes, at: offset, end: range.upperBound)
            switch box.type {
            case ISOBox.type("pitm"):
                let version = try bytes.byte(at: box.content.lowerBound)
                primary = try bytes.bigEndian(version == 0 ? 2 : 4, at: box.content.lowerBound + Self.fullBoxBytes)
            case ISOBox.type("iinf"): try readTypes(bytes, box)
            case ISOBox.type("iprp"): try readProperties(bytes, box)
            case ISOBox.type("iloc"): try readLocations(bytes, box)
            default: break
            }
            offset = box.end
        }
    }

    /// The type of the primary item: `av01`, or that of an image which others make up.
    func primaryType() throws(ImageFault) -> Int {
        guard let primary, let type = types[primary] else { throw .malformed("the primary item is missing") }
        return type
    }

    /// Where the data of all AV1 pictures lies: the primary one, its alpha, thumbnails.
    func pictures() throws(ImageFault) -> [Range<Int>] {
        var pictures: [Range<Int>] = []
        for (item, type) in types where type == ISOBox.type("av01") {
            guard let location = locations[item] else { throw .malformed("a picture without a place") }
            guard let location else { throw .unsupported("an AVIF with a picture in pieces") }
            pictures.append(location)
        }
        // Each is walked through: pictures that share their bytes would let a small file keep us busy for hours.
        pictures.sort { $0.lowerBound < $1.lowerBound }
        for (one, next) in zip(pictures, pictures.dropFirst()) where next.lowerBound < one.upperBound {
            throw .malformed("pictures that share their data")
        }
        return pictures
    }

    /// The properties of the primary item.
    func primaryProperties() throws(ImageFault) -> [ISOBox] {
        guard let primary, let indices = associations[primary] else {
            throw .malformed("the primary item has no properties")
        }
        var found: [ISOBox] = []
        for index in indices where index > 0 {
            guard index <= properties.count else { throw .malformed("a property that does not exist") }
            found.append(properties[index - 1])
        }
        return found
    }

    /// `iinf`: an `infe` for each item (ISO/IEC 14496-12 §8.11.6), of version 2 or 3 in HEIF.
    private mutating func readTypes(_ bytes: Span<UInt8>, _ box: ISOBox) throws(ImageFault) {
        let version = try bytes.byte(at: box.content.lowerBound)
        var offset = box.content.lowerBound + Self.fullBoxBytes + (version == 0 ? 2 : 4)
        while offset < box.end {
            let entry = try ISOBox(bytes, at: offset, end: box.end)
            let start = entry.content.lowerBound
            let idSize = try bytes.byte(at: start) == 3 ? 4 : 2
            if entry.type == ISOBox.type("infe"), entry.content.count >= Self.fullBoxBytes + idSize + 6 {
                let item = try bytes.bigEndian(idSize, at: start + Self.fullBoxBytes)
                types[item] = try bytes.bigEndian(4, at: start + Self.fullBoxBytes + idSize + 2)
            }
            offset = entry.end
        }
    }

    /// `iprp`: the properties in `ipco`, and in `ipma` which item has which.
    private mutating func readProperties(_ bytes: Span<UInt8>, _ box: ISOBox) throws(ImageFault) {
        var offset = box.content.lowerBound
        while offset < box.end {
            let inner = try ISOBox(bytes, at: offset, end: box.end)
            switch inner.type {
            case ISOBox.type("ipco"):
                var at = inner.content.lowerBound
                while at < inner.end {
                    let property = try ISOBox(bytes, at: at, end: inner.end)
                    properties.append(property)
                    at = property.end
                }
            case ISOBox.type("ipma"): try readAssociations(bytes, inner)
            default: break
            }
            offset = inner.end
        }
    }

    /// `ipma`, ISO/IEC 23008-12 §9.3.2.
    private mutating func readAssociations(_ bytes: Span<UInt8>, _ box: ISOBox) throws(ImageFault) {
        var offset = box.content.lowerBound
        let idSize = try bytes.byte(at: offset) == 0 ? 2 : 4
        let indexSize = try bytes.byte(at: offset + 3) & 1 == 0 ? 1 : 2
        let entries = try bytes.bigEndian(4, at: offset + Self.fullBoxBytes)
        offset += Self.fullBoxBytes + 4
        for _ in 0..<entries {
            guard offset < box.end else { throw .malformed("ipma is shorter than it announces") }
            let item = try bytes.bigEndian(idSize, at: offset)
            let count = Int(try bytes.byte(at: offset + idSize))
            offset += idSize + 1
            // The first bit says that the property is essential.
            var indices: [Int] = []
            for number in 0..<count {
                let value = try bytes.bigEndian(indexSize, at: offset + number * indexSize)
                indices.append(value & (indexSize == 1 ? 0x7F : 0x7FFF))
            }
            offset += count * indexSize
            associations[item] = indices
        }
    }

    /// `iloc`, ISO/IEC 14496-12 §8.11.3.
    private mutating func readLocations(_ bytes: Span<UInt8>, _ box: ISOBox) throws(ImageFault) {
        var offset = box.content.lowerBound
        func take(_ size: Int) throws(ImageFault) -> Int {
            defer { offset += size }
            guard offset + size <= box.end else { throw .malformed("iloc is shorter than it announces") }
            return try bytes.bigEndian(size, at: offset)
        }
        let version = try take(Self.fullBoxBytes) >> 24
        let sizes = try take(2)
        let (offsetSize, lengthSize) = (sizes >> 12, sizes >> 8 & 15)
        let (baseSize, indexSize) = (sizes >> 4 & 15, version == 0 ? 0 : sizes & 15)
        guard [offsetSize, lengthSize, baseSize, indexSize].allSatisfy({ [0, 4, 8].contains($0) }) else {
            throw .malformed("iloc with fields of a wrong size")
        }
        let entries = try take(version < 2 ? 2 : 4)
        for _ in 0..<entries {
            let item = try take(version < 2 ? 2 : 4)
            // Method 0 is an offset in the file; reference 0 is this file.
            let method = try version == 0 ? 0 : take(2) & 15
            let reference = try take(2)
            let base = try take(baseSize)
            let extents = try take(2)
            // Without a size an extent takes no room in the box, so nothing but the box would bound their number.
            guard extents <= 1 || indexSize + offsetSize + lengthSize > 0 else {
                throw .malformed("iloc with extents that take no room")
            }
            var location: Range<Int>?
            for _ in 0..<extents {
                _ = try take(indexSize)
                let start = try take(offsetSize).addingReportingOverflow(base)
                let length = try take(lengthSize)
                guard extents == 1, method == 0, reference == 0, length > 0 else { continue }
                guard !start.overflow, bytes.holds(length, at: start.partialValue) else { throw .truncated }
                location = start.partialValue..<start.partialValue + length
            }
            locations[item] = .some(location)
        }
    }
}
