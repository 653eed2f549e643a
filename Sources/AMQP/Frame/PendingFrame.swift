/// The octets of a frame that has not yet arrived whole.
///
/// Memory of its own, not an array, because a pointer to it goes out with the frame and must hold until the next call.
/// It grows with what arrives, never with what a frame's header announces.
struct PendingFrame: ~Copyable {
    private var memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private(set) var count = 0

    /// What has arrived so far.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: memory.baseAddress, count: count) }

    /// Takes octets from the front of `input` until there are `target`, or `input` is empty.
    mutating func fill(to target: Int, from input: inout UnsafeRawBufferPointer) {
        let wanted = min(target - count, input.count)
        guard wanted > 0, let source = input.baseAddress else { return }
        if memory.count - count < wanted { grow(wanted) }
        memory.baseAddress?.advanced(by: count).copyMemory(from: source, byteCount: wanted)
        count += wanted
        input = UnsafeRawBufferPointer(rebasing: input[wanted...])
    }

    /// Forgets the octets and keeps the memory, unless it is larger than one usual frame.
    mutating func removeAll() {
        count = 0
        guard memory.count > Self.keptMax else { return }
        memory.deallocate()
        memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    }

    private mutating func grow(_ size: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(count + size, memory.count * 2, 256),
            alignment: 16
        )
        larger.copyMemory(from: bytes)
        memory.deallocate()
        memory = larger
    }

    /// Twice RabbitMQ's frame-max of 128 KiB.
    private static let keptMax = 256 << 10

    deinit { memory.deallocate() }
}
