import HoneyCore
import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

extension MachineHost {
    struct Listener: Sendable {
        var channel: any Channel
        var address: NetworkAddress
    }

    /// Binds a port or socket, from which nothing is accepted until its `autoRead` is set.
    func bind(_ address: NetworkAddress, _ wire: WireName) -> EventLoopFuture<Listener> {
        let bootstrap = ServerBootstrap(group: eventLoop, childGroup: eventLoop)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.autoRead, value: false)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    try accept(channel, wire: wire, at: address)
                }
            }
        let channel: EventLoopFuture<any Channel>
        switch address {
        case .tcp(let host, let port): channel = bootstrap.bind(host: host, port: port)
        case .local(let path):
            channel = bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true)
        }
        return channel.flatMapThrowing { channel in
            Listener(
                channel: channel, address: channel.localAddress.flatMap { NetworkAddress($0, host: address) } ?? address
            )
        }.flatMapErrorThrowing { error in
            throw HoneyError(.environment, "IO_ERROR", "cannot listen on \(address): \(error)")
        }.hop(to: eventLoop)
    }

    func stopListening(_ channel: any Channel, _ address: NetworkAddress) {
        channel.close(promise: nil)
        if case .local(let path) = address { unlink(path) }
    }

    private func accept(_ channel: any Channel, wire: WireName, at address: NetworkAddress) throws {
        guard let codec = wires[wire]?.makeCodec(isServer: true), !isEnding else { throw ChannelError.alreadyClosed }
        try setOptions(of: channel)
        let peer = channel.remoteAddress.flatMap { NetworkAddress($0, host: address) } ?? address
        let handler = ConnectionHandler(
            effects.makeConnection(), codec: codec, host: self, opening: .accepted(wire, from: peer))
        try channel.pipeline.syncOperations.addHandler(handler)
    }

    func connect(_ connection: Connection, to address: NetworkAddress, over wire: WireName) {
        guard let codec = wires[wire]?.makeCodec(isServer: false) else {
            deliver(.closed(connection, .failed("no wire is called \(wire.name)")))
            return
        }
        let place = route(address)
        if case .tcp(_, let port) = place, !(1...65_535).contains(port) {
            deliver(.closed(connection, .failed("no port has the number \(port)")))
            return
        }
        let handler = ConnectionHandler(connection, codec: codec, host: self, opening: .connecting)
        connections[connection] = handler
        channelOpened()
        let bound = NIOLoopBound(handler, eventLoop: eventLoop)
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(.nanoseconds(Int64(settings.connectTimeoutNanoseconds)))
            .channelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    try setOptions(of: channel)
                    try channel.pipeline.syncOperations.addHandler(bound.value)
                }
            }
        let channel: EventLoopFuture<any Channel>
        switch place {
        case .tcp(let host, let port):
            if let numeric = try? SocketAddress(ipAddress: host, port: port) {
                channel = bootstrap.connect(to: numeric)
            } else {
                channel = bootstrap.connect(host: host, port: port)
            }
        case .local(let path): channel = bootstrap.connect(unixDomainSocketPath: path)
        }
        channel.hop(to: eventLoop).whenFailure { error in bound.value.couldNotConnect(CloseReason(error)) }
    }

    private func setOptions(of channel: any Channel) throws {
        let options = channel.syncOptions
        if case .some(.v4) = channel.localAddress { try options?.setOption(.tcpOption(.tcp_nodelay), value: 1) }
        try options?.setOption(
            .writeBufferWaterMark, value: .init(low: settings.unsentBytes / 4, high: settings.unsentBytes))
        try options?.setOption(.recvAllocator, value: ReceiveBuffers(greatest: settings.readBytes))
    }
}

extension NetworkAddress {
    /// Makes an address of a socket's; Unix-domain sockets of clients have no name, so that the server's says where they are.
    init?(_ address: SocketAddress, host: NetworkAddress) {
        switch address {
        case .v4, .v6:
            guard let host = address.ipAddress, let port = address.port else { return nil }
            self = .tcp(host: host, port: port)
        case .unixDomainSocket: self = host
        }
    }
}

extension CloseReason {
    /// Sorts what the system says when a connection ends or cannot be made.
    init(_ error: any Error) {
        switch error {
        case let error as IOError where error.errnoCode == ECONNREFUSED || error.errnoCode == ENOENT: self = .refused
        case let error as IOError where error.errnoCode == ETIMEDOUT: self = .timedOut
        case ChannelError.connectTimeout: self = .timedOut
        case let error as NIOConnectionError:
            if let cause = error.connectionErrors.last?.error {
                self = CloseReason(cause)
            } else {
                self = .failed("no address is known for \(error.host)")
            }
        default: self = .failed("\(error)")
        }
    }
}
