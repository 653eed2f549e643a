import NIOCore
import NIOSSL
import NIOTLS

/// Between TLS and AMQP: tells the connection, before its first byte, whose certificate the client showed.
final class ClientCertificateHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: ServerConnection

    init(_ connection: ServerConnection) { self.connection = connection }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSUserEvent, case .handshakeCompleted = event,
            let tls = try? context.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self),
            let certificate = tls.peerCertificate, let der = try? certificate.toDERBytes()
        {
            connection.showed(.certificate(commonName: CertificateName.commonName(ofCertificate: der)))
        }
        context.fireUserInboundEventTriggered(event)
    }
}
