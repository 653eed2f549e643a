import FaultPlan
import HTTPServing
import HTTPTypes
import Hummingbird
import MessageHub
import NIOCore

/// Writes down every request to the asset API, and does what faults do to it. Everything else passes.
struct AssetFaultMiddleware: RouterMiddleware {
    typealias Context = ServingContext

    let spaces: StorageSpaces
    let instance: StorageInstance
    let time: TimeSource

    func handle(
        _ request: Request,
        context: ServingContext,
        next: (Request, ServingContext) async throws -> Response
    ) async throws -> Response {
        let path = (request.head.path ?? "").prefix { $0 != "?" }
        guard path.hasPrefix("/api/") else {
            // Nothing strikes these, but a process that is gone answers nobody.
            guard !spaces.standard.trouble.hasAssetsDown(instance, at: time.now()) else {
                await context.resetConnection()
                return Response(status: .serviceUnavailable)
            }
            return try await next(request, context)
        }
        let space = try spaces.space(of: request)
        let route = "\(request.method.rawValue) \(path)"
        let mark = space.trouble.mark
        let faults = space.faults
        let decision = space.notes.request(
            FaultSubject(route: route),
            operationID: request.headers[.operationID],
            instance: instance.number,
            faults: faults,
            among: AssetFaults.kinds,
            sparing: faults?.isArmed(AssetFaults.kinds) ?? false ? spared(request, path) : [],
            of: AssetFaults.kinds
        )
        if space.trouble.hasAssetsDown(instance, at: time.now()) { return await reset(context, space, route) }
        let strike = decision.flatMap { decision in
            faults.map { AssetFaults.strike(of: decision, seed: $0.plan.seed) }
        }
        let course = AssetCourse(
            strike: strike,
            method: request.method,
            context: context,
            time: time,
            trouble: space.trouble,
            mark: mark
        )
        guard let asked = try await course.request(request) else { return await reset(context, space, route) }
        let response: Response
        if let early = course.answerBeforeEffect {
            response = early
        } else {
            let carriedOut = await answered { try await next(asked, context) }
            noteEffect(carriedOut, request, path, space)
            guard let changed = try await course.response(carriedOut) else {
                return await reset(context, space, route)
            }
            response = changed
        }
        space.notes.answer(route: route, status: response.status.code)
        return response
    }

    /// Where a fault would find nothing in this request to strike.
    private func spared(_ request: Request, _ path: Substring) -> Set<FaultPoint> {
        let method = AssetMethod(rawValue: request.method.rawValue)
        let headers = request.headers
        let length = headers[.contentLength]
        // 304 has no body. A name is its asset's tag, too.
        let known = headers[.ifNoneMatch] ?? ""
        let name = path.split(separator: "/").last ?? ""
        return AssetFaults.spared(
            method,
            hasBody: length.map { $0 != "0" } ?? (headers[.transferEncoding] != nil),
            isAnsweredWithBody: method == .put || !(known == "*" || known.contains(name)) || known.isEmpty
        )
    }

    /// An error is an answer too, which faults can strike.
    private func answered(_ body: () async throws -> Response) async -> Response {
        do {
            return try await body()
        } catch {
            return ErrorAnswer.apiError(for: error).response
        }
    }

    /// The connection is gone, and the answer that is made here reaches nobody.
    private func reset(_ context: ServingContext, _ space: StorageSpace, _ route: String) async -> Response {
        space.notes.answer(route: route, status: nil)
        await context.resetConnection()
        return Response(status: .serviceUnavailable)
    }

    private func noteEffect(_ response: Response, _ request: Request, _ path: Substring, _ space: StorageSpace) {
        let what: String
        switch (request.method, response.status) {
        case (.put, .created): what = "asset.created"
        case (.delete, .noContent): what = "asset.deleted"
        default: return
        }
        space.notes.effect(what, ["asset": .string(path.split(separator: "/").last.map(String.init) ?? "")])
    }
}
