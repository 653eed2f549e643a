import AsyncHTTPClient
import HubProtocol
import Logging
import MessageHub

/// Asks the asset API over HTTP how it is.
///
/// It has connections of its own, each for one question: with those of clients' requests it would wait behind them, and a
/// storage under load would look like one that is not well. One that was kept open, storage may close at any time.
package struct HTTPAssetProber: AssetProber {
    /// There is one question of each kind at a time.
    static let limits = AssetConnections.Limits(connectionsMax: 4)
    /// The name of an asset that cannot be: nobody knows bytes with this digest.
    private static let impossibleName = String(repeating: "0", count: 64)

    private let server: AssetServer
    private let transport: AssetTransport
    private let time: TimeSource

    /// - Parameter client: without redirects and retries, and not the one of clients' requests.
    package init(server: AssetServer, client: HTTPClient, time: TimeSource, logger: Logger) {
        self.server = server
        transport = AssetTransport(client: client, limits: Self.limits, time: time, logger: logger)
        self.time = time
    }

    package func isHealthy(within timeout: Duration) async -> Bool {
        let call = StorageCall(operationID: "", deadline: Deadline(after: timeout, of: time), trace: nil)
        do throws(StorageTrouble) {
            let request = try server.request(.GET, path: "/health", for: call)
            return try await answer(to: request, for: call).status == 200
        } catch {
            return false
        }
    }

    /// There is nothing to read under the name, and what is put under it has another digest (contract §4).
    package func probe(_ access: AssetAccess, for call: StorageCall) async throws(StorageTrouble) {
        let path = AssetName.path(of: Self.impossibleName)
        var request = try server.request(access == .writing ? .PUT : .GET, path: path, for: call)
        if access == .writing {
            request.headers.add(name: "Content-Type", value: "application/octet-stream")
            request.body = Array("a look at how storage is".utf8)
        }
        let answer = try await answer(to: request, for: call)
        let body = Array(answer.body.readableBytesView)
        if let trouble = AssetReply.troubleInsteadOfRefusal(status: answer.status, body: body) { throw trouble }
    }

    private func answer(to request: AssetRequest, for call: StorageCall) async throws(StorageTrouble) -> AssetAnswer {
        var request = request
        request.headers.add(name: "Connection", value: "close")
        let expected = AssetAnswer.Expectation(bytesMax: HTTPAssetClient.Limits.replyBytesMax)
        return try await transport.answer(to: request, expected, by: call.deadline)
    }
}
