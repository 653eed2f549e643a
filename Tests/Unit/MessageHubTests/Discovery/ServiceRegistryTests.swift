import HubProtocol
import Testing

@testable import MessageHub

@Suite struct ServiceRegistryTests {
    private func announcement(
        _ instance: String,
        service: String = "storage_service",
        _ status: ServiceAnnouncement.Status = .up,
        ttlSeconds: Int = 30
    ) -> ServiceAnnouncement {
        ServiceAnnouncement(
            service: service,
            instanceID: instance,
            version: "1",
            status: status,
            url: "http://\(instance)",
            operations: [],
            ttlSeconds: ttlSeconds
        )
    }

    @Test func `an instance is there for its TTL`() {
        var registry = ServiceRegistry(instancesMax: 8)
        registry.announced(announcement("a", ttlSeconds: 10), now: .zero)
        #expect(registry.nextExpiry == .seconds(10))
        #expect(registry.snapshot(now: .milliseconds(9999)).storageURL == "http://a")
        #expect(registry.snapshot(now: .seconds(10)).storageURL == nil)
        registry.announced(announcement("a", ttlSeconds: 10), now: .seconds(9))
        #expect(registry.snapshot(now: .seconds(18)).isAnyUp("storage_service"))
        registry.expire(now: .seconds(19))
        #expect(registry.nextExpiry == nil)
    }

    @Test func `one that takes the place of another is found at once`() {
        var registry = ServiceRegistry(instancesMax: 8)
        registry.announced(announcement("a", ttlSeconds: 30), now: .zero)
        registry.announced(announcement("b", ttlSeconds: 30), now: .seconds(1))
        #expect(registry.snapshot(now: .seconds(1)).storageURL == "http://b")
        // Heard again, it is not the new one for that.
        registry.announced(announcement("a", ttlSeconds: 30), now: .seconds(10))
        #expect(registry.snapshot(now: .seconds(10)).storageURL == "http://b")
        // The new one fell silent: announcements come every third of the TTL.
        registry.announced(announcement("a", ttlSeconds: 30), now: .seconds(20))
        #expect(registry.snapshot(now: .seconds(20)).storageURL == "http://a")
        registry.announced(announcement("b", ttlSeconds: 30), now: .seconds(21))
        #expect(registry.snapshot(now: .seconds(21)).storageURL == "http://b")
    }

    @Test func `only an instance that is up takes requests, always the same one`() {
        var registry = ServiceRegistry(instancesMax: 8)
        for instance in ["c", "b", "a"] { registry.announced(announcement(instance), now: .zero) }
        registry.announced(announcement("z", service: "image_service"), now: .zero)
        #expect(registry.snapshot(now: .zero).storageURL == "http://a")
        registry.announced(announcement("a", .draining), now: .zero)
        #expect(registry.snapshot(now: .zero).storageURL == "http://b")
        registry.announced(announcement("b", .down), now: .zero)
        #expect(registry.snapshot(now: .zero).storageURL == "http://c")
        registry.announced(announcement("c", .down), now: .zero)
        let snapshot = registry.snapshot(now: .zero)
        #expect(!snapshot.isAnyUp("storage_service"))
        #expect(snapshot.isAnyUp("image_service"))
        #expect(snapshot.instances(of: "storage_service").map(\.status) == [.draining])
    }

    @Test func `past the bound the one that would expire first goes`() {
        var registry = ServiceRegistry(instancesMax: 2)
        registry.announced(announcement("a", ttlSeconds: 20), now: .zero)
        registry.announced(announcement("b", ttlSeconds: 10), now: .zero)
        registry.announced(announcement("c", ttlSeconds: 30), now: .zero)
        #expect(registry.snapshot(now: .zero).instances.map(\.instanceID) == ["a", "c"])
        // A known one has its place.
        registry.announced(announcement("a", .draining), now: .zero)
        #expect(registry.snapshot(now: .zero).instances.map(\.instanceID) == ["a", "c"])
    }
}
