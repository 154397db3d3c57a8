import NIOCore
import NIOPosix

/// One connection of a host: bytes to the machine's events, and its messages to bytes.
final class ConnectionHandler<M: Machine>: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Opening {
        case accepted(WireName, from: NetworkAddress)
        case connecting
    }

    private enum Stage {
        case opening
        case open
        /// Nothing comes from or goes to the machine any more; what was written is still sent.
        case lingering
        case closed
    }

    private let connection: Connection
    private let codec: any WireCodec<M.Message>
    private let host: MachineHost<M>
    private let opening: Opening
    private var stage = Stage.opening
    private var context: ChannelHandlerContext?

    /// Bytes that came and are not decoded yet.
    private var received = ByteBuffer()
    /// Bytes that came after `received`, which ends with a message of which the rest came with them.
    private var behind = ByteBuffer()
    private var isDecoding = false
    private var isPaused = false
    /// Why the connection ended while the machine did not want to read what had come before.
    private var unreadEnd: CloseReason?
    /// What the channel said before it became inactive.
    private var failure: CloseReason?

    /// What was sent before the connection was open.
    private var early: [ByteBuffer] = []
    private var isUnflushed = false
    private var wantsWritable = false

    init(_ connection: Connection, codec: any WireCodec<M.Message>, host: MachineHost<M>, opening: Opening) {
        self.connection = connection
        self.codec = codec
        self.host = host
        self.opening = opening
    }

    // MARK: Opening

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if case .accepted = opening { host.channelOpened() }
        if context.channel.isActive { open() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        // One that was gone before it was open is told to nobody.
        if case .accepted = opening, stage == .opening {
            stage = .closed
            host.channelClosed()
        }
    }

    func channelActive(context: ChannelHandlerContext) { open() }

    private func open() {
        guard stage == .opening || stage == .lingering, let context else { return }
        // A machine may have ended since it was accepted.
        let isClosing = stage == .lingering || host.isEnding
        for bytes in early { context.write(wrapOutboundOut(bytes), promise: nil) }
        early = []
        if isClosing { return linger() }
        stage = .open
        switch opening {
        case .accepted(let wire, let peer):
            host.connections[connection] = self
            host.deliver(.accepted(connection, wire: wire, from: peer))
        case .connecting:
            host.deliver(.connected(connection))
        }
        if wantsWritable, stage == .open { notifyWhenWritable() }
        markUnflushed()
        host.flush()
    }

    func couldNotConnect(_ reason: CloseReason) {
        guard stage != .closed else { return }
        let isKnown = stage == .opening
        stage = .closed
        if isKnown {
            host.connections[connection] = nil
            host.deliver(.closed(connection, reason))
            host.flush()
        }
        host.channelClosed()
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard stage == .open else { return }
        append(unwrapInboundIn(data))
        decode()
    }

    func channelReadComplete(context: ChannelHandlerContext) { host.flush() }

    /// Joins what came with what was left: only as much as the message begun there needs, where its length is known, since each byte
    /// joined is copied.
    private func append(_ bytes: ByteBuffer) {
        join(behind)
        behind = ByteBuffer()
        var bytes = bytes
        if received.readableBytes > 0, let length = codec.length(of: received),
            case let missing = length - received.readableBytes, missing > 0,
            let rest = bytes.readSlice(length: min(missing, bytes.readableBytes))
        {
            join(rest)
            behind = bytes
        } else {
            join(bytes)
        }
    }

    /// Puts bytes behind what was left. Messages may still hold slices of that, so it is moved to a buffer of its own once and then grows
    /// there.
    private func join(_ bytes: ByteBuffer) {
        guard bytes.readableBytes > 0 else { return }
        guard received.readableBytes > 0 else {
            received = bytes
            return
        }
        let total = received.readableBytes + bytes.readableBytes
        if received.readerIndex > 0 || received.writableBytes < bytes.readableBytes {
            var joined = ByteBuffer()
            joined.reserveCapacity(max(total, received.readerIndex > 0 ? 0 : 2 * received.readableBytes))
            joined.writeImmutableBuffer(received)
            received = joined
        }
        received.writeImmutableBuffer(bytes)
    }

    private func decode() {
        guard !isDecoding else { return }
        isDecoding = true
        defer { isDecoding = false }
        do {
            while stage == .open, !isPaused, let message = try nextMessage() {
                host.deliver(.received(connection, message))
            }
            if received.readableBytes == 0, behind.readableBytes == 0 { received = ByteBuffer() }
        } catch let error as MalformedWire {
            giveUp(.malformed(error.reason), farewell: error.farewell)
        } catch {
            giveUp(.malformed("\(error)"), farewell: ByteBuffer())
        }
    }

    private func nextMessage() throws -> M.Message? {
        while true {
            let message = try codec.decode(&received)
            if let answer = codec.takeAnswer() { write(answer) }
            guard message == nil, behind.readableBytes > 0 else { return message }
            join(behind)
            behind = ByteBuffer()
        }
    }

    private func giveUp(_ reason: CloseReason, farewell: ByteBuffer) {
        guard stage == .open else { return }
        if farewell.readableBytes > 0 { write(farewell) }
        host.connections[connection] = nil
        linger()
        host.deliver(.closed(connection, reason))
    }

    func setReading(_ isReading: Bool) {
        guard isPaused == isReading else { return }
        isPaused = !isReading
        try? context?.channel.syncOptions?.setOption(.autoRead, value: isReading)
        guard isReading else { return }
        // Not before the event in which it was asked for is done.
        host.eventLoop.assumeIsolated().execute { [self] in
            decode()
            if !isPaused, let reason = unreadEnd {
                unreadEnd = nil
                tellEnd(reason)
            }
            host.flush()
        }
    }

    // MARK: Writing

    func send(_ message: M.Message) {
        guard stage == .opening || stage == .open else { return }
        do {
            try codec.encode(message) { write($0) }
        } catch {
            host.log(.error, "cannot send on connection \(connection.number): \(error)")
            abort()
        }
    }

    private func write(_ bytes: ByteBuffer) {
        guard stage != .opening, let context else {
            early.append(bytes)
            return
        }
        context.write(wrapOutboundOut(bytes), promise: nil)
        markUnflushed()
    }

    private func markUnflushed() {
        guard !isUnflushed else { return }
        isUnflushed = true
        host.noteUnflushed(self)
    }

    func flush() {
        isUnflushed = false
        context?.flush()
    }

    func notifyWhenWritable() {
        wantsWritable = true
        guard stage == .open, let context, context.channel.isWritable else { return }
        wantsWritable = false
        host.deliver(.writable(connection))
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard wantsWritable, stage == .open, context.channel.isWritable else { return }
        wantsWritable = false
        host.deliver(.writable(connection))
        host.flush()
    }

    // MARK: Ending

    /// Ends the connection for the machine: what was written is sent, then the other side is waited for a moment, since the system
    /// would throw away what we sent if we closed with bytes unread.
    func close() {
        switch stage {
        case .opening: stage = .lingering
        case .open: linger()
        case .lingering, .closed: break
        }
    }

    private func linger() {
        stage = .lingering
        received = ByteBuffer()
        behind = ByteBuffer()
        guard let context else { return }
        let channel = context.channel
        try? channel.syncOptions?.setOption(.autoRead, value: true)
        // A daemon that is asked to end does not wait long for one who has stopped reading.
        let patience = host.eventLoop.scheduleTask(in: .seconds(host.isEnding ? 3 : 30)) { channel.close(promise: nil) }
        channel.closeFuture.whenComplete { _ in patience.cancel() }
        let sent = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: sent)
        sent.futureResult.whenComplete { _ in
            channel.close(mode: .output, promise: nil)
            let grace = channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
            channel.closeFuture.whenComplete { _ in grace.cancel() }
        }
    }

    /// Ends the connection without sending what was written.
    func abort() {
        guard let context else { return }
        context.channel.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = failure ?? CloseReason(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        let wasOpen = stage == .open
        let wasNeverOpen = stage == .opening
        if !wasOpen && !wasNeverOpen {
            if stage != .closed { host.channelClosed() }
            stage = .closed
            return
        }
        // A connection that never opened is told by `couldNotConnect`.
        guard wasOpen else { return }
        let reason = failure ?? .ended
        if isPaused, received.readableBytes + behind.readableBytes > 0 {
            unreadEnd = reason
        } else {
            tellEnd(reason)
            host.flush()
        }
        host.channelClosed()
    }

    private func tellEnd(_ reason: CloseReason) {
        stage = .closed
        guard host.connections.removeValue(forKey: connection) != nil else { return }
        host.deliver(.closed(connection, reason))
    }
}
