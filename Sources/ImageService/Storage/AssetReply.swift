import HubProtocol
import JSON

/// What an answer of the asset API means (contract §4): the table from statuses to troubles.
package enum AssetReply {
    /// The troubles that may be gone a moment later, so that the request is sent again.
    package static func isPassing(_ trouble: StorageTrouble, status: Int?) -> Bool {
        switch trouble {
        case .unavailable: true
        // Damaged on the way there, or a server that met something unexpected.
        case .rejected(let code, _): code == "DIGEST_MISMATCH" || status == 500
        // Damaged on the way back.
        case .invalidResponse: true
        case .timedOut, .overloaded, .cancelled: false
        }
    }

    /// The trouble that a status outside of what was hoped for means.
    ///
    /// - Parameter body: the whole body, which should be `{"error": {"code": …, "message": …}}`.
    package static func trouble(status: Int, body: [UInt8]) -> StorageTrouble {
        let error = (try? JSONValue(parsing: body))?["error"]
        let message = error?["message"]?.string ?? "HTTP status \(status) without an error body"
        if let code = error?["code"]?.string, !code.isEmpty, code.utf8.count <= 64, isWord(code) {
            return [502, 503, 504].contains(status) && StorageErrorCode(rawValue: code) == nil
                ? .unavailable("\(status) \(code)") : .rejected(code: code, message: message)
        }
        switch status {
        case 507: return .rejected(code: StorageErrorCode.storageFull.rawValue, message: message)
        case 413: return .rejected(code: "FILE_TOO_LARGE", message: message)
        case 401, 403: return .rejected(code: "UNAUTHORIZED", message: message)
        case 404: return .rejected(code: StorageErrorCode.assetNotFound.rawValue, message: message)
        // A proxy in front of storage, or storage that starts or stops.
        case 408, 429, 502, 503, 504: return .unavailable("HTTP status \(status)")
        case 500: return .rejected(code: StorageErrorCode.internalError.rawValue, message: message)
        case 400..<600: return .rejected(code: "HTTP_\(status)", message: message)
        default: return .invalidResponse("HTTP status \(status)")
        }
    }

    /// The trouble, if any, that the answer to a request shows which a server that works refuses: every refusal of its own
    /// will do but that it does not work. No room is a refusal too.
    package static func troubleInsteadOfRefusal(status: Int, body: [UInt8]) -> StorageTrouble? {
        guard status >= 400 else { return .invalidResponse("HTTP status \(status) to what has to be refused") }
        let trouble = trouble(status: status, body: body)
        if case .unavailable = trouble { return trouble }
        return status < 500 || trouble.knownCode == .storageFull ? nil : trouble
    }

    /// Reads the answer to a `PUT` that was taken.
    package static func stored(
        status: Int,
        body: [UInt8],
        sha256: String,
        size: Int
    ) throws(StorageTrouble) -> StoredAsset {
        guard let json = try? JSONValue(parsing: body), let members = json.object else {
            throw .invalidResponse("the answer to the asset is no JSON object")
        }
        var fields = FieldReader(members)
        let url = fields.string("url", length: 1...ProtocolLimits.urlLengthMax)
        if fields.string("sha256", length: 0...Int.max) != sha256 { fields.report("sha256", "is another one") }
        if fields.integer("size", in: 0...Int.max) != size { fields.report("size", "is another one") }
        do {
            try fields.finish()
        } catch {
            throw .invalidResponse("\(error)")
        }
        return StoredAsset(url: url, isNew: status == 201)
    }

    // A code goes on to the client, so it has to look like one.
    private static func isWord(_ code: String) -> Bool {
        code.utf8.allSatisfy {
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || $0 == UInt8(ascii: "_")
        }
    }
}
