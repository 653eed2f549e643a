import JSON

/// The steps that checks of the asset API are made of.
extension CheckContext {
    /// Fails where an answer has another status.
    func status(_ answer: AssetAnswer, _ right: Int..., reason: String, _ what: String) throws {
        guard !right.contains(answer.status) else { return }
        throw CheckFailure(
            reason,
            "\(what): answered with \(answer.status), should be \(right.map { "\($0)" }.joined(separator: " or "))",
            expected: ["status": .integer(Int64(right[0]))],
            actual: ["status": .integer(Int64(answer.status))]
        )
    }

    /// Fails where an answer is no error with this status and code.
    func refused(_ answer: AssetAnswer, _ right: Int, _ code: String, reason: String, _ what: String) throws {
        try status(answer, right, reason: reason, what)
        // A body that is no JSON has no code.
        let json = try? JSONValue(parsing: answer.body)
        try require(
            json?["error"]?["code"]?.string == code,
            "http.other-code",
            "\(what): the error's code is not \(code)",
            expected: ["error": ["code": .string(code)]],
            actual: json ?? .null
        )
        try requireError(answer, what)
    }

    /// Fails where the body of an error is not as those of all errors, whatever its code is.
    func requireError(_ answer: AssetAnswer, _ what: String) throws {
        let json = try? JSONValue(parsing: answer.body)
        try require(
            json?["error"]?["code"]?.string != nil,
            "http.no-code",
            "\(what): the body of \(answer.status) is no JSON that has an error with a code",
            expected: ["error": ["code": "…", "message": "…"]],
            actual: json ?? .null
        )
        try require(
            json?["error"]?["message"]?.string?.isEmpty == false,
            "http.no-message",
            "\(what): the error has no message",
            expected: ["error": ["message": "…"]],
            actual: json
        )
    }

    /// Fails for a reason where bytes are not refused because their digest is not the name.
    func requireMismatch(_ name: String, _ bytes: [UInt8], reason: String, _ what: String) async throws {
        try refused(try await put(name, bytes), 400, "DIGEST_MISMATCH", reason: reason, what)
    }

    /// Fails where an asset can be deleted though it is in use.
    func requireInUse(_ name: String, _ what: String) async throws {
        try refused(try await delete(name), 409, "ASSET_IN_USE", reason: "asset.in-use-deleted", what)
    }

    /// Fails for a reason where an asset is not there, or is another.
    func requireKept(
        _ asset: (name: String, bytes: [UInt8]),
        _ reason: String,
        _ message: @autoclosure () -> String
    ) async throws {
        try requireBytes(asset.bytes, in: try await get(asset.name), reason, message())
    }

    /// Fails for a reason where an answer does not carry these bytes. A report tells them by their number and digest.
    func requireBytes(
        _ bytes: [UInt8],
        in answer: AssetAnswer,
        status: Int = 200,
        _ reason: String,
        _ message: @autoclosure () -> String
    ) throws(CheckFailure) {
        try requireEqual(
            .integer(Int64(answer.status)),
            at: ["status"],
            .integer(Int64(status)),
            reason,
            message()
        )
        func told(_ bytes: [UInt8]) -> JSONValue {
            ["bytes": .integer(Int64(bytes.count)), "sha256": .string(AssetDigest.of(bytes))]
        }
        try require(answer.body == bytes, reason, message(), expected: told(bytes), actual: told(answer.body))
    }
}
