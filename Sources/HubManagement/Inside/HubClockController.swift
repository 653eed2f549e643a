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

    private func number(_ name: String, _ request: Request, default standard: Int?) async throws -> Int {
        if let standard, request.headers[.contentType] == nil { return standard }
        let json = try await JSONBody.read(request, bytesMax: AdminLimits.bodyBytesMax)
        var fields = FieldReader(json.object ?? [:])
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
