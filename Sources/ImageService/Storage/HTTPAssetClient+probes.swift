import HubProtocol
import MessageHub

/// What is asked of the asset API to know how it is: once, and not counted with what clients asked for.
extension HTTPAssetClient {
    /// The name of an asset that cannot be: nobody knows bytes with this digest.
    private static let impossibleName = String(repeating: "0", count: 64)

    package func isHealthy(within timeout: Duration) async -> Bool {
        let call = StorageCall(operationID: "", deadline: Deadline(after: timeout, of: time), trace: nil)
        do throws(Failure) {
            let request = try request(.GET, path: "/health", for: call)
            return try await answer(to: request, bytesMax: Limits.replyBytesMax, for: call).status == 200
        } catch {
            return false
        }
    }

    /// There is nothing to read under the name, and what is put under it has another digest (contract §4).
    package func probe(_ access: AssetAccess, for call: StorageCall) async throws(StorageTrouble) {
        do throws(Failure) {
            let path = AssetName.path(of: Self.impossibleName)
            var request = try request(access == .writing ? .PUT : .GET, path: path, for: call)
            if access == .writing {
                request.headers.add(name: "Content-Type", value: "application/octet-stream")
                request.body = Array("a look at how storage is".utf8)
            }
            let (status, body) = try await answer(to: request, bytesMax: Limits.replyBytesMax, for: call)
            let bytes = Array(body.readableBytesView)
            if let trouble = AssetReply.troubleInsteadOfRefusal(status: status, body: bytes) { throw Failure(trouble) }
        } catch {
            throw error.trouble
        }
    }
}
