import AMQP
import Testing

/// Reply codes and the texts that go with them.
@Suite struct ReplyCodeTests {
    @Test func codesAreTheSpecifications() {
        let constants = SpecificationFixture.standard.constants.filter { $0.value >= 200 && $0.name != "frame-end" }
        for constant in constants where constant.name != "frame-min-size" {
            let code = ReplyCode(rawValue: constant.value)
            #expect(code?.name == constant.name.uppercased().replacing("-", with: "_"))
            let severity: ReplyCode.Severity =
                switch constant.class {
                case "soft-error": .channel
                case "hard-error": .connection
                default: .none
                }
            #expect(code?.severity == severity, "\(constant.name)")
        }
        // All but NO_ROUTE, which the specification's table forgets.
        #expect(constants.count == ReplyCode.allCases.count)
        #expect(ReplyCode(rawValue: 312) == .noRoute)
        #expect(ReplyCode.noRoute.name == "NO_ROUTE")
    }

    @Test func framesAndSizesAreTheSpecifications() {
        let constants = Dictionary(
            uniqueKeysWithValues: SpecificationFixture.standard.constants.map { ($0.name, $0.value) }
        )
        #expect(constants["frame-method"] == UInt16(FrameType.method.rawValue))
        #expect(constants["frame-header"] == UInt16(FrameType.header.rawValue))
        #expect(constants["frame-body"] == UInt16(FrameType.body.rawValue))
        #expect(constants["frame-heartbeat"] == UInt16(FrameType.heartbeat.rawValue))
        #expect(constants["frame-end"] == UInt16(FrameType.end))
        #expect(constants["frame-min-size"].map(UInt32.init) == FrameType.minimumSize)
    }

    @Test func textsAreWrittenAsRabbitMQDoes() {
        #expect(ReplyCode.notFound.replyText("no queue 'q' in vhost '/'") == "NOT_FOUND - no queue 'q' in vhost '/'")
        #expect(ReplyCode.internalError.replyText("") == "INTERNAL_ERROR")
    }

    @Test(arguments: 200...270)
    func textsFitAShortString(_ size: Int) {
        for character in ["x", "é", "€", "😀"] {
            let text = ReplyCode.notFound.replyText(String(repeating: character, count: size))
            let whole = "NOT_FOUND - " + String(repeating: character, count: size)
            #expect(text.utf8.count <= 255)
            if whole.utf8.count <= 255 {
                #expect(text == whole)
            } else {
                #expect(text.hasSuffix("..."))
                #expect(whole.hasPrefix(text.dropLast(3)))
                #expect(text.utf8.count > 255 - 4)
            }
        }
    }

    @Test func errorsBecomeClose() {
        let error = ProtocolError(.notFound, "no queue", method: QueueDeclare.id)
        #expect(error.description == "404 NOT_FOUND - no queue")
        #expect(
            ChannelClose(error)
                == ChannelClose(replyCode: 404, replyText: "NOT_FOUND - no queue", classID: 50, methodID: 10)
        )
        #expect(
            ConnectionClose(ProtocolError(.frameError, "bad"))
                == ConnectionClose(replyCode: 501, replyText: "FRAME_ERROR - bad", classID: 0, methodID: 0)
        )
    }
}
