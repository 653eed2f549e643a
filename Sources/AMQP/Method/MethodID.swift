/// The two numbers that name a method on the wire (AMQP 0-9-1 §4.2.4).
public struct MethodID: Sendable, Hashable {
    /// Such as 50 for `queue`.
    public var classID: UInt16
    /// Such as 10 for `declare`; unique within its class only.
    public var methodID: UInt16

    /// The method of these numbers, known or not.
    @inlinable
    public init(classID: UInt16, methodID: UInt16) {
        self.classID = classID
        self.methodID = methodID
    }

    /// No method: what `connection.close` and `channel.close` carry when no method was the cause.
    public static let none = MethodID(classID: 0, methodID: 0)

    /// Both numbers in one: the class in the high half.
    @inlinable
    public var packed: UInt32 { UInt32(classID) << 16 | UInt32(methodID) }
}

extension MethodID: CustomStringConvertible {
    /// The method's name, such as `queue.declare`; nil if there is no such method. A scan, for errors and traces.
    public var name: String? {
        for descriptor in MethodDescriptor.all where descriptor.id == self { return descriptor.name }
        return nil
    }

    /// The name, or the numbers where there is none.
    public var description: String { name ?? "\(classID).\(methodID)" }
}
