import HTTPServing
import HTTPTypes
import HubSim
import Hummingbird
import JSON
import SimulatorAdmin

/// `/_sim/hub/clock`: the hub's clock, where it is turned by hand (`--clock virtual`).
///
///     GET  /_sim/hub/clock                        {"virtual": true, "now_ms": 60000, "sleepers": 2}
///     POST /_sim/hub/clock/advance {"ms": 60000}  turns it; everything that falls due on the way happens
///     POST /_sim/hub/clock/run_until_idle         {"max_ms"?}: turns it from deadline to deadline until none is left
struct HubClockController: Sendable {
    /// How far the clock is turned at once: a hundred days.
    private static let advanceMsMax = 100 * 86_400_000
    /// How far it is turned where nothing is said, looking for the last deadline: one day.
    private static let idleMsDefault = 86_400_000

    /// Nil: the hub runs on the real clock.
    let clock: VirtualClock?

    func addRoutes(to routes: inout RouteTable) {
        routes.get("/_sim/hub/clock") { _, _ in state() }
        routes.post("/_sim/hub/clock/advance", use: advance)
        routes.post("/_sim/hub/clock/run_until_idle", use: runUntilIdle)
    }

    private func state() -> Response {
        guard let clock else { return JSONResponse(["virtual": false]).response }
        return JSONResponse([
            "virtual": true, "now_ms": .integer(Self.milliseconds(clock.now.offset)),
            "sleepers": .integer(Int64(clock.sleeperCount)),
        ]).response
    }

    @Sendable private func advance(_ request: Request, _ context: ServingContext) async throws -> Response {
        let clock = try virtual()
        let ms = try await number("ms", request, default: nil)
        await clock.advance(by: .milliseconds(ms))
        return state()
    }

    @Sendable private func runUntilIdle(_ request: Request, _ context: ServingContext) async throws -> Response {
        let clock = try virtual()
        let most = try await number("max_ms", request, default: Self.idleMsDefault)
        await clock.runUntilIdle(within: .milliseconds(most))
        return state()
    }

    private func virtual() throws(APIError) -> VirtualClock {
        guard let clock else {
            throw APIError(.conflict, "REAL_CLOCK", "The hub runs on the real clock, which nobody turns.")
        }
        return clock
    }

    /// - Parameter standard: what is meant where nothing is said; nil: it must be said.
    private func number(_ name: String, _ request: Request, default standard: Int?) async throws -> Int {
        var json: JSONValue = [:]
        if standard == nil {
            json = try await JSONBody.read(request, bytesMax: AdminLimits.bodyBytesMax)
        } else if let read = try await JSONBody.readIfAny(request, bytesMax: AdminLimits.bodyBytesMax) {
            json = read
        }
        guard let body = json.object else { throw APIError.invalid("body", "body", "must be an object") }
        if let unknown = body.keys.sorted().first(where: { $0 != name }) {
            throw APIError.invalid("body", unknown, "is not \(name)")
        }
        var fields = FieldReader(body)
        let number =
            standard == nil
            ? fields.integer(name, in: 0...Self.advanceMsMax)
            : fields.optionalInteger(name, in: 0...Self.advanceMsMax) ?? standard ?? 0
        do {
            try fields.finish()
        } catch {
            throw APIError.invalid(error)
        }
        return number
    }

    private static func milliseconds(_ duration: Duration) -> Int64 { Int64(duration / .milliseconds(1)) }
}
