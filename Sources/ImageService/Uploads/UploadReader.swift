import HTTPServing
import HTTPTypes
import Hummingbird
import Multipart
import NIOCore

/// Reads uploads, in the order of the contract (§7): media type, size, form, fields. What the file itself is worth comes
/// after that.
///
/// The file is read into memory once. That memory is taken from the budget before the first byte of the body is read
/// where the request says how long it is, and as it grows where it does not.
package struct UploadReader: Sendable {
    /// What a form may have around its file.
    package enum Limits {
        /// Bytes of a form beside its file: boundaries, headers, fields.
        package static let formBytesMax = 64 * 1024
        /// Bytes of one text field. Its 255 characters have at most 1020; the rest is white space that goes.
        static let fieldBytesMax = 8 * 1024
        /// What is held for a file of unknown length at first.
        static let firstHoldBytes = 64 * 1024
    }

    private let fileBytesMax: Int
    private let unannouncedFileBytesMax: Int
    private let budget: MemoryBudget

    /// - Parameters:
    ///   - fileBytesMax: `MAX_UPLOAD_BYTES`. A file that the whole budget could not hold is too large as well, and not a
    ///     matter of load: it would be refused for ever.
    ///   - budget: a file whose length is not announced takes twice its size of it at times, because it grows.
    package init(fileBytesMax: Int, budget: MemoryBudget) {
        let budgetBytesMax = budget.load.bytesMax
        self.fileBytesMax = min(fileBytesMax, budgetBytesMax)
        unannouncedFileBytesMax = min(fileBytesMax, budgetBytesMax / 2)
        self.budget = budget
    }

    private func fileBytesMax(of body: BodyReader) -> Int {
        body.contentLength == nil ? unannouncedFileBytesMax : fileBytesMax
    }

    /// Reads a form with the file `image` and text fields of these names. Nothing of it is checked yet but its size.
    package func form(_ request: Request, fields: [String]) async throws -> UploadForm {
        try UploadReader.requireForm(request.headers)
        let body = try body(request, bytesMax: fileBytesMax + Limits.formBytesMax)
        let boundary = try Boundary(of: Multipart.MediaType(request.headers[.contentType] ?? ""))
        var file = try FileBuffer(bytesMax: fileBytesMax(of: body), contentLength: body.contentLength, budget: budget)
        var collector = FormCollector(
            boundary: boundary,
            fields: Dictionary(uniqueKeysWithValues: fields.map { ($0, Limits.fieldBytesMax) }),
            files: [UploadForm.fileName]
        )
        var filesBegun = 0
        for try await chunk in body {
            try collector.feed([UInt8](chunk.readableBytesView)[...]) { event in
                switch event {
                case .began: filesBegun += 1
                // Of a repeated file the first is kept; the repetition is an error that the fields' check reports.
                case .bytes(let bytes): if filesBegun == 1 { try file.append(bytes) }
                case .ended: break
                }
            }
        }
        return UploadForm(parts: try collector.finish(), file: file.take())
    }

    /// Reads new content for an image: a form with the file `image`, or a body with an image's `Content-Type` that is
    /// the file itself.
    package func newContent(_ request: Request) async throws -> UploadedFile {
        let essence = UploadReader.essence(request.headers)
        if essence.hasPrefix("image/"), essence.utf8.count > "image/".utf8.count { return try await file(request) }
        guard essence == "multipart/form-data" else {
            throw APIError.unsupportedMediaType(expected: "multipart/form-data or an image")
        }
        let form = try await form(request, fields: [])
        try UploadFields.requireFile(in: form)
        return form.file
    }

    private func file(_ request: Request) async throws -> UploadedFile {
        try UploadReader.requireIdentity(request.headers)
        let body = try body(request, bytesMax: fileBytesMax)
        var file = try FileBuffer(bytesMax: fileBytesMax(of: body), contentLength: body.contentLength, budget: budget)
        for try await chunk in body { try file.append([UInt8](chunk.readableBytesView)[...]) }
        return file.take()
    }

    // The client is told the limit of a file, which is the one that it knows, and not what a form may add to it.
    private func body(_ request: Request, bytesMax: Int) throws(APIError) -> BodyReader {
        do {
            return try BodyReader(request, bytesMax: bytesMax)
        } catch  where error.code == "FILE_TOO_LARGE" {
            throw .fileTooLarge(bytesMax: fileBytesMax)
        }
    }

    /// Anything but `multipart/form-data`, as it is, is 415. A form whose header gives no boundary is one that cannot be
    /// read, which is found out after its size.
    private static func requireForm(_ headers: HTTPFields) throws(APIError) {
        guard essence(headers) == "multipart/form-data" else {
            throw .unsupportedMediaType(expected: "multipart/form-data")
        }
        try requireIdentity(headers)
    }

    /// A compressed body is 415 (RFC 9110 §15.5.16): nothing here takes it apart.
    private static func requireIdentity(_ headers: HTTPFields) throws(APIError) {
        let coding = headers[.contentEncoding]?.lowercased() ?? "identity"
        guard coding == "identity" else { throw .unsupportedMediaType(expected: "a body without Content-Encoding") }
    }

    /// The media type without its parameters, in lower case; empty where there is none.
    private static func essence(_ headers: HTTPFields) -> String {
        let bytes = (headers[.contentType] ?? "").utf8.prefix { byte in
            byte != UInt8(ascii: ";") && byte != UInt8(ascii: " ") && byte != UInt8(ascii: "\t")
        }
        return String(decoding: bytes, as: UTF8.self).lowercased()
    }
}

/// A form as it was sent: its parts, and the bytes of its file.
package struct UploadForm: Sendable {
    /// The name of the part that holds the file.
    package static let fileName = "image"

    package var parts: Form
    package var file: UploadedFile

    package init(parts: Form, file: UploadedFile) {
        self.parts = parts
        self.file = file
    }
}

/// Bytes of a file with the memory that is held for them.
package struct UploadedFile: Sendable {
    private var bytes: [UInt8]
    package let memory: HeldMemory

    package init(bytes: [UInt8], memory: HeldMemory) {
        self.bytes = bytes
        self.memory = memory
    }

    /// Hands the bytes on, so that they are in memory once.
    package mutating func takeBytes() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }
}

/// A file that grows as it comes in, within its limit and within the budget.
private struct FileBuffer {
    private var bytes: [UInt8] = []
    private var capacity: Int
    private let bytesMax: Int
    private let memory: HeldMemory

    /// - Parameter contentLength: of the whole body; `nil` where the request does not say.
    init(bytesMax: Int, contentLength: Int?, budget: MemoryBudget) throws(MemoryBudget.Exceeded) {
        self.bytesMax = bytesMax
        capacity = min(bytesMax, contentLength ?? UploadReader.Limits.firstHoldBytes)
        memory = try budget.holdTransfer(capacity)
        bytes.reserveCapacity(capacity)
    }

    mutating func append(_ more: ArraySlice<UInt8>) throws {
        let count = bytes.count + more.count
        guard count <= bytesMax else { throw APIError.fileTooLarge(bytesMax: bytesMax) }
        if count > capacity {
            // While an array grows, the old one and the new one are there together.
            capacity = min(bytesMax, max(count, 2 * capacity))
            try memory.grow(to: capacity + bytes.count)
            bytes.reserveCapacity(capacity)
        }
        bytes.append(contentsOf: more)
    }

    /// The file, for which no more is held from now on than it takes.
    consuming func take() -> UploadedFile {
        memory.shrink(to: capacity)
        return UploadedFile(bytes: bytes, memory: memory)
    }
}
