/// Gathers the fields of a form and hands on the content of its files as it comes.
///
///     var collector = FormCollector(boundary: boundary, fields: ["name": 4096, "type": 4096], files: ["image"])
///     for try await chunk in body {
///         try collector.feed(chunk[...]) { event in
///             if case .bytes(let bytes) = event { image.append(contentsOf: bytes) }
///         }
///     }
///     let form = try collector.finish()
///     let name = try form["name"].first?.text()
///
/// What a part is goes by its name alone: a name in `files` is a file even without a filename, one in `fields` is a
/// field even with one, and any other part is counted and dropped. Whether that is how the form should look, and whether
/// a name may be there twice, is for the caller to say, who finds all parts in the ``Form``; two files of one name both
/// come through, one after the other.
///
/// Memory: the fields' own limits times ``MultipartLimits/partsMax``, at most.
public struct FormCollector: Sendable {
    /// What comes of the parts that are files, in the order `(began bytes* ended)*`.
    public enum FileEvent: Sendable, Equatable {
        /// A file begins.
        case began(PartHeaders)
        /// Some more of its content; see ``MultipartEvent/partBytes(_:)``.
        case bytes(ArraySlice<UInt8>)
        /// The file is complete.
        case ended
    }

    private let fieldBytesMax: [String: Int]
    private let fileNames: Set<String>
    private var parser: MultipartParser
    private var form = Form()
    private var failure: MultipartError?

    /// A collector at the start of a body.
    ///
    /// `fields` are the names of the fields to keep with the octets that each may have; of a longer one the part alone is
    /// kept, as ``FormPart/Content/overlongField(bytesMax:)``. `files` are the names of the parts to hand on.
    public init(
        boundary: Boundary,
        limits: MultipartLimits = MultipartLimits(),
        fields: [String: Int],
        files: Set<String>
    ) {
        fieldBytesMax = fields
        fileNames = files
        parser = MultipartParser(boundary: boundary, limits: limits)
    }

    /// Takes what makes up the next event of a file off the front of `input`, or all of it where there is none (`nil`).
    public mutating func nextEvent(from input: inout ArraySlice<UInt8>) throws(MultipartError) -> FileEvent? {
        if let failure { throw failure }
        do {
            while let event = try parser.nextEvent(from: &input) {
                if let fileEvent = take(event) { return fileEvent }
            }
            return nil
        } catch {
            failure = error
            throw error
        }
    }

    /// Gathers what is in `bytes`, and hands what is of a file to `sink`.
    ///
    /// Throws a ``MultipartError``, or what the sink throws; after the latter the body is given up
    /// (``MultipartError/abandoned``).
    public mutating func feed(
        _ bytes: ArraySlice<UInt8>,
        files sink: (FileEvent) throws -> Void
    ) throws {
        var rest = bytes
        while let event = try nextEvent(from: &rest) {
            do {
                try sink(event)
            } catch {
                failure = .abandoned
                throw error
            }
        }
    }

    /// The form, once the body is over; throws unless it was complete.
    public mutating func finish() throws(MultipartError) -> Form {
        if let failure { throw failure }
        try parser.finish()
        return form
    }

    private mutating func take(_ event: MultipartEvent) -> FileEvent? {
        switch event {
        case .partBegan(let headers):
            return begin(headers)
        case .partBytes(let bytes):
            return append(bytes)
        case .partEnded:
            return form.parts.last?.content == .file ? .ended : nil
        case .ended:
            return nil
        }
    }

    private mutating func begin(_ headers: PartHeaders) -> FileEvent? {
        if fileNames.contains(headers.name) {
            form.parts.append(FormPart(headers: headers, content: .file))
            return .began(headers)
        }
        let isField = fieldBytesMax[headers.name] != nil
        form.parts.append(FormPart(headers: headers, content: isField ? .field([]) : .ignored))
        return nil
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>) -> FileEvent? {
        guard let index = form.parts.indices.last else { preconditionFailure("Cannot take content before a part") }
        form.parts[index].byteCount += bytes.count
        switch form.parts[index].content {
        case .file:
            return .bytes(bytes)
        case .ignored, .overlongField:
            return nil
        case .field(var octets):
            if let bytesMax = fieldBytesMax[form.parts[index].name], form.parts[index].byteCount > bytesMax {
                form.parts[index].content = .overlongField(bytesMax: bytesMax)
                return nil
            }
            // The octets leave the form while they grow, so that they are not copied for every piece.
            form.parts[index].content = .field([])
            octets.append(contentsOf: bytes)
            form.parts[index].content = .field(octets)
            return nil
        }
    }
}
