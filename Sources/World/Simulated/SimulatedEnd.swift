import NIOCore

/// One side of a connection: what it has sent that has not come yet, and what came that was not read yet.
final class SimulatedEnd<Message: Sendable> {
    let connection: Connection
    unowned let process: SimulatedProcess<Message>
    private let life: Int
    private let codec: (any WireCodec<Message>)?
    /// The other side, which is kept by its process and by what it has on its way.
    private weak var peer: SimulatedEnd?
    private var hasPeer = false
    private var hasFailed = false
    var peerHost = ""
    private var stage = Stage.opening

    private enum Stage {
        case opening
        case open
        /// The machine knows it no more; what was sent still goes.
        case closed
        /// Its host lost power, so that nobody answers for it.
        case vanished
    }

    private enum Parcel {
        case message(Message, bytes: Int)
        case bytes(ByteBuffer)
        case end(CloseReason)

        var byteCount: Int {
            switch self {
            case .message(_, let bytes): bytes
            case .bytes(let buffer): buffer.readableBytes
            case .end: 0
            }
        }
    }

    // Going out: parcels with when they arrive, in order.
    private var outgoing = CircularBuffer<(parcel: Parcel, due: Int)>()
    private var lineFreeAt = 0
    private var lastDue = 0
    private var isPumping = false
    private var isStalled = false
    private var awaitsAcknowledgement = false
    private var silences = 0
    private var unread = 0
    private var isWritable = true
    private var wantsWritable = false

    // Coming in.
    private var isReading = true
    private var incoming = CircularBuffer<Parcel>()
    private var received = ByteBuffer()
    private var isConsuming = false

    init(_ connection: Connection, process: SimulatedProcess<Message>, codec: (any WireCodec<Message>)?) {
        self.connection = connection
        self.process = process
        self.codec = codec
        life = process.life
    }

    private var network: SimulatedNetwork<Message> { process.world.network }
    private var world: SimulatedWorld<Message> { process.world }
    /// Whether the other side is still to be found.
    var isOpening: Bool { !hasPeer && !hasFailed && stage != .vanished }

    /// Does something with the machine when it is the one that has this connection.
    private func tell(_ work: @escaping () -> Void) {
        process.post { [self] in
            if process.life == life { work() }
        }
    }

    // MARK: Opening

    func join(_ other: SimulatedEnd) {
        (peer, hasPeer) = (other, true)
        (other.peer, other.hasPeer) = (self, true)
    }

    func beginAccepted(wire: WireName, from address: NetworkAddress) {
        stage = .open
        tell { [self] in process.deliver(.accepted(connection, wire: wire, from: address)) }
    }

    func open() {
        guard stage == .opening || stage == .closed else { return }
        if stage == .opening {
            stage = .open
            tell { [self] in
                guard stage == .open else { return }
                process.deliver(.connected(connection))
                tellWritable()
                consume()
            }
        }
        pump()
    }

    func failToOpen(_ reason: CloseReason, after delay: Int) {
        hasFailed = true
        world.after(delay) { [self] in breakUp(reason) }
    }

    // MARK: Sending

    func send(_ message: Message) {
        guard stage == .opening || stage == .open else { return }
        guard let codec else { return put(.message(message, bytes: network.size(message))) }
        var bytes = ByteBuffer()
        do {
            try codec.encode(message) { bytes.writeImmutableBuffer($0) }
        } catch {
            world.note("cannot send: \(error)", process.name)
            return abort()
        }
        transmit(bytes)
    }

    /// Sends bytes, sometimes cut in two.
    private func transmit(_ bytes: ByteBuffer) {
        var rest = bytes
        guard rest.readableBytes > 0 else { return }
        if rest.readableBytes > 1, network.draw(0...7) == 0 {
            put(.bytes(rest.readSlice(length: network.draw(1...rest.readableBytes - 1))!))
        }
        put(.bytes(rest))
    }

    private func put(_ parcel: Parcel) {
        let conditions = network.conditions(from: process.host.name, to: peerHost)
        let size = parcel.byteCount
        unread += size
        if unread > network.unsentBytes { isWritable = false }
        lineFreeAt = max(lineFreeAt, world.now) + size * .seconds(1) / max(conditions.bytesPerSecond, 1)
        lastDue = max(lastDue, lineFreeAt + network.drawDelay(conditions))
        outgoing.append((parcel, lastDue))
        if hasPeer, stage != .opening { pump() }
    }

    /// Lets arrive what is due.
    private func pump() {
        guard !isPumping, !isStalled, let first = outgoing.first, stage != .vanished else { return }
        isPumping = true
        world.after(first.due - world.now) { [self] in
            isPumping = false
            arrive()
            pump()
        }
    }

    private func arrive() {
        guard let first = outgoing.first, first.due <= world.now, stage != .vanished else { return }
        guard process.host.isUp else { return vanish() }
        let (own, other) = (process.host.name, peerHost)
        guard !network.isBlocked(from: own, to: other), world.hosts[other]?.isUp ?? false else {
            isStalled = true
            return expectAcknowledgement()
        }
        // Without acknowledgements it breaks in the end, though everything has come.
        if network.isBlocked(from: other, to: own) { expectAcknowledgement() }
        let parcel = outgoing.removeFirst().parcel
        switch peer?.stage {
        case nil, .vanished: return reset()
        case .closed: consumed(parcel.byteCount)
        case .opening, .open: peer?.take(parcel)
        }
        if network.happens(network.conditions(from: own, to: other).cutThousandths) { cut() }
    }

    /// Breaks the connection when nothing comes back for too long.
    private func expectAcknowledgement() {
        guard !awaitsAcknowledgement else { return }
        awaitsAcknowledgement = true
        network.noteStalled(self)
        silences += 1
        let silence = silences
        world.after(network.silenceTimeoutNanoseconds) { [self] in
            guard awaitsAcknowledgement, silences == silence, stage != .vanished else { return }
            outgoing.removeAll()
            breakUp(.timedOut)
            stage = .vanished
        }
    }

    /// Tries again what did not pass.
    func retry(after delay: Int) {
        awaitsAcknowledgement = false
        guard isStalled else { return }
        isStalled = false
        lastDue = max(lastDue, world.now + delay)
        if let first = outgoing.first { outgoing[outgoing.startIndex].due = max(first.due, world.now + delay) }
        pump()
    }

    /// Hears that the other computer knows nothing of this connection.
    private func reset() {
        outgoing.removeAll()
        let (own, other) = (process.host.name, peerHost)
        guard !network.isBlocked(from: other, to: own) else { return expectAcknowledgement() }
        world.after(network.drawDelay(network.conditions(from: other, to: own))) { [self] in
            breakUp(.failed("connection reset by peer"))
        }
    }

    /// Breaks both ends with all that is on its way.
    private func cut() {
        world.note("the connection to \(peerHost) is cut", process.name)
        for end in [self, peer].compactMap({ $0 }) {
            end.outgoing.removeAll()
            end.breakUp(.failed("connection reset by peer"))
        }
    }

    private func consumed(_ bytes: Int) {
        unread -= bytes
        if !isWritable, unread <= network.unsentBytes / 4 {
            isWritable = true
            tell { [self] in tellWritable() }
        }
    }

    func notifyWhenWritable() {
        wantsWritable = true
        tellWritable()
    }

    private func tellWritable() {
        guard wantsWritable, isWritable, stage == .open else { return }
        wantsWritable = false
        process.deliver(.writable(connection))
    }

    // MARK: Receiving

    private func take(_ parcel: Parcel) {
        incoming.append(parcel)
        tell { [self] in consume() }
    }

    func setReading(_ isReading: Bool) {
        guard self.isReading != isReading else { return }
        self.isReading = isReading
        // Not before the event in which it was asked for is done.
        if isReading { world.after(0) { [self] in tell { [self] in consume() } } }
    }

    private func consume() {
        guard !isConsuming else { return }
        isConsuming = true
        defer { isConsuming = false }
        decode()
        while stage == .open, isReading, let parcel = incoming.popFirst() {
            switch parcel {
            case .message(let message, let bytes):
                peer?.consumed(bytes)
                world.tell(message, from: peerHost, to: process.name)
                process.deliver(.received(connection, message))
            case .bytes(let bytes):
                peer?.consumed(bytes.readableBytes)
                received.writeImmutableBuffer(bytes)
                decode()
            case .end(let reason): breakUp(reason)
            }
        }
    }

    private func decode() {
        guard let codec, received.readableBytes > 0 else { return }
        do {
            while stage == .open, isReading {
                let message = try codec.decode(&received)
                if let answer = codec.takeAnswer() { transmit(answer) }
                guard let message else { break }
                world.tell(message, from: peerHost, to: process.name)
                process.deliver(.received(connection, message))
            }
            if received.readableBytes == 0 { received = ByteBuffer() }
        } catch {
            let malformed = error as? MalformedWire ?? MalformedWire("\(error)")
            transmit(malformed.farewell)
            put(.end(.ended))
            breakUp(.malformed(malformed.reason))
        }
    }

    // MARK: Ending

    /// Ends the connection for the machine; what was sent before still comes.
    func close() {
        guard stage == .opening || stage == .open else { return }
        stage = .closed
        put(.end(.ended))
        incoming.removeAll()
    }

    /// Ends it as the system does for a process that died: mostly in order, sometimes throwing away what was not sent.
    func orphan() {
        guard stage == .open else {
            stage = .vanished
            return
        }
        stage = .closed
        if !incoming.isEmpty || network.draw(0...3) == 0 { outgoing.removeAll() }
        put(.end(.failed("connection reset by peer")))
        incoming.removeAll()
    }

    /// Forgets it with the whole computer.
    func vanish() {
        stage = .vanished
        outgoing.removeAll()
        incoming.removeAll()
    }

    private func abort() {
        peer?.breakUp(.failed("connection reset by peer"))
        breakUp(.failed("connection aborted"))
    }

    /// Tells the machine that it is over.
    private func breakUp(_ reason: CloseReason) {
        guard stage == .opening || stage == .open else { return }
        stage = .closed
        incoming.removeAll()
        tell { [self] in
            guard process.connections.removeValue(forKey: connection) != nil else { return }
            process.deliver(.closed(connection, reason))
        }
    }
}
