import ImageService
import Testing

@Suite struct HealthReportTests {
    struct Row: Sendable {
        var announced: StorageSigns.Announced
        var hasAnswered = false
        var isFailing = false
        var assets = true
        var consumers: Int?
        var state: HealthReport.StorageState
    }

    @Test(arguments: [
        Row(announced: .up, state: .available),
        Row(announced: .up, hasAnswered: true, state: .available),
        Row(announced: .up, assets: false, state: .failing),
        Row(announced: .up, isFailing: true, state: .failing),
        Row(announced: .up, consumers: 2, state: .available),
        Row(announced: .up, hasAnswered: true, consumers: 0, state: .notSeen),
        Row(announced: .draining, consumers: 0, state: .draining),
        Row(announced: .nothing, state: .notSeen),
        Row(announced: .nothing, assets: false, state: .notSeen),
        Row(announced: .nothing, hasAnswered: true, state: .available),
        Row(announced: .nothing, hasAnswered: true, assets: false, state: .failing),
        Row(announced: .draining, hasAnswered: true, state: .draining),
    ])
    func storageStateFollowsTheSigns(_ row: Row) {
        let signs = StorageSigns(
            announced: row.announced,
            hasAnswered: row.hasAnswered,
            isFailing: row.isFailing,
            assetsAreHealthy: row.assets,
            consumers: row.consumers
        )
        #expect(signs.state == row.state)
    }

    @Test(arguments: [
        (HealthReport.HubState.connected, HealthReport.StorageState.available, HealthReport.Status.healthy),
        (.connected, .notSeen, .degraded), (.connected, .draining, .degraded), (.connected, .failing, .degraded),
        (.disconnected, .available, .unhealthy), (.disconnected, .notSeen, .unhealthy),
        (.silent, .available, .unhealthy), (.blocked, .available, .degraded), (.blocked, .notSeen, .degraded),
    ])
    func statusFollowsTheDependencies(
        hub: HealthReport.HubState,
        storage: HealthReport.StorageState,
        status: HealthReport.Status
    ) {
        #expect(HealthReport(hub: hub, storage: storage).status == status)
    }
}
