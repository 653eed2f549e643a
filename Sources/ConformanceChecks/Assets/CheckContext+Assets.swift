import HubProtocol
import JSON

/// Asking the asset API.
extension CheckContext {
    /// Sends a request to the asset API and takes the answer.
    @discardableResult
    func http(_ request: AssetRequest) async throws -> AssetAnswer {
        do throws(AssetTrouble) {
            return try await attempt(request)
        } catch {
            try Task.checkCancellation()
            throw CheckFailure(
                "http.no-answer",
                "no answer to \(request.method) of an asset over HTTP",
                actual: .string(error.description)
            )
        }
    }

    /// As `http`, where it may well be that there is no answer.
    func attempt(_ request: AssetRequest) async throws(AssetTrouble) -> AssetAnswer {
        guard let transport = run.surroundings.transport, let base = run.storageURL else {
            throw AssetTrouble("no asset API", isUnreachable: true)
        }
        let url = request.path.hasPrefix("/") ? base + request.path : request.path
        let broken = request.breakOffAfter.map { " (broken off after \($0) bytes)" } ?? ""
        note(
            .sent,
            "\(request.method) \(request.path)\(broken)",
            request.headers.sorted { $0.key < $1.key }.map { name, value in
                // What is nearly the token is not for a report.
                Evidence.Field(name: name, value: name == "authorization" ? "…" : value)
            },
            request.body ?? []
        )
        // Booked before: an answer that is lost does not mean that nothing is there.
        let name = String(request.path.split(separator: "/").last ?? "")
        let asset = request.method == "PUT" && AssetName.isValid(name) ? name : nil
        if let asset { run.ledger.sending(asset: asset) }
        let answer: AssetAnswer
        do throws(AssetTrouble) {
            answer = try await transport.send(
                request,
                to: url,
                token: request.hasToken ? run.surroundings.token : nil,
                timeoutMs: run.options.timeoutMs,
                bytesMax: Limits.answerBytesMax
            )
        } catch {
            if let asset, error.isUnreachable { run.ledger.neverSent(asset: asset) }
            throw error
        }
        if let asset, answer.status == 200 || answer.status == 201 { run.ledger.made(asset: asset) }
        note(
            .received,
            "\(answer.status) for \(request.method) \(request.path)",
            answer.headers.sorted { $0.key < $1.key }.map { Evidence.Field(name: $0.key, value: $0.value) },
            answer.body
        )
        return answer
    }

    /// Bytes that nobody else puts, and their name.
    func newAsset(_ size: Int = 64) -> (name: String, bytes: [UInt8]) {
        var bytes = Array("conformance \(run.runID) \(newID()) ".utf8)
        while bytes.count < size { bytes.append(UInt8(truncatingIfNeeded: bytes.count &* 31)) }
        return (AssetDigest.of(bytes), bytes)
    }

    /// Puts bytes under a name.
    /// - Parameter isChunked: whether it is not said before how many there are.
    func put(
        _ name: String,
        _ bytes: [UInt8],
        type: String = "application/octet-stream",
        isChunked: Bool = false
    ) async throws -> AssetAnswer {
        var headers = ["content-type": type]
        if isChunked { headers["transfer-encoding"] = "chunked" }
        return try await http(AssetRequest("PUT", AssetName.path(of: name), headers: headers, body: bytes))
    }

    /// An asset that the check stands on.
    func storedAsset(
        _ size: Int = 64,
        type: String = "application/octet-stream"
    ) async throws -> (
        name: String, bytes: [UInt8]
    ) {
        let asset = newAsset(size)
        try await setUp {
            let answer = try await put(asset.name, asset.bytes, type: type)
            try require(
                answer.status == 201,
                "asset.not-put",
                "the PUT of a new asset was answered with \(answer.status)"
            )
        }
        return asset
    }

    func get(_ name: String, method: String = "GET", _ headers: [String: String] = [:]) async throws -> AssetAnswer {
        try await http(AssetRequest(method, AssetName.path(of: name), headers: headers))
    }

    func delete(_ name: String) async throws -> AssetAnswer {
        let answer = try await http(AssetRequest("DELETE", AssetName.path(of: name)))
        if answer.status == 204 { run.ledger.removed(asset: name) }
        return answer
    }
}
