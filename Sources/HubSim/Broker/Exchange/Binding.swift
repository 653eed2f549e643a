import AMQP
import Octets

/// A route from an exchange to a queue or another exchange.
struct Binding {
    let key: BindingKey
    let destination: Destination
}

/// What makes a binding itself: two bindings of one exchange that agree in all of this are one (AMQP 0-9-1, `queue.bind`).
struct BindingKey: Hashable {
    let destination: DestinationKey
    let routingKey: ExactText
    let arguments: FieldTable
}

/// A binding as its destination remembers it, by the name of the source, so that source and destination do not hold
/// each other in memory.
struct InboundBinding: Hashable {
    let source: ExactText
    let key: BindingKey
}
