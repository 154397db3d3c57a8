"""An HDFS of Honeyguide's daemons, each a process of its own, so that they can be killed one by one."""
import atexit, os, shutil, signal, socket, subprocess, time


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Daemons:
    # Nodes are dead after twice the recheck interval and ten heartbeats.
    SETTINGS = {
        "dfs.permissions.enabled": "false", "dfs.permissions.superusergroup": "honey", "dfs.replication": "3",
        "dfs.heartbeat.interval": "1", "dfs.namenode.heartbeat.recheck-interval": "1000",
        "dfs.namenode.redundancy.interval.seconds": "1", "dfs.namenode.safemode.extension": "1000",
    }

    def __init__(self, honeyguide, directory, datanodes):
        self.honeyguide, self.directory = honeyguide, directory
        shutil.rmtree(directory, ignore_errors=True)
        (directory / "conf").mkdir(parents=True)
        self.port, self.http_port = free_port(), free_port()
        self.uri = f"hdfs://127.0.0.1:{self.port}"
        self.http = f"127.0.0.1:{self.http_port}"
        settings = self.SETTINGS | {
            "fs.defaultFS": self.uri, "dfs.namenode.http-address": self.http,
            "dfs.namenode.name.dir": str(directory / "name"),
        }
        lines = [f"<property><name>{name}</name><value>{value}</value></property>" for name, value in settings.items()]
        (directory / "conf/hdfs-site.xml").write_text("<configuration>" + "".join(lines) + "</configuration>")
        self.processes = {}
        atexit.register(self.stop)
        self.run("namenode", "-format").check_returncode()
        self.start_namenode()
        self.datanode_settings = {}
        for index in range(datanodes):
            ports = [free_port() for _ in range(3)]
            self.datanode_settings[index] = [
                "-D", f"dfs.datanode.data.dir={directory}/data{index}", "-D", f"dfs.datanode.address=127.0.0.1:{ports[0]}",
                "-D", f"dfs.datanode.ipc.address=127.0.0.1:{ports[1]}",
                "-D", f"dfs.datanode.http.address=127.0.0.1:{ports[2]}"]
            self.start_datanode(index)

    def command(self, name, *arguments):
        return [self.honeyguide, name, "--config", self.directory / "conf", *arguments]

    def run(self, name, *arguments):
        return subprocess.run(self.command(name, *arguments), capture_output=True)

    def start(self, key, name, *arguments):
        log = open(self.directory / f"{key}.log", "a")
        self.processes[key] = subprocess.Popen(self.command(name, *arguments), stdout=log, stderr=log)

    def start_namenode(self):
        self.start("namenode", "namenode")
        deadline = time.monotonic() + 30
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                if time.monotonic() > deadline or self.processes["namenode"].poll() is not None:
                    raise RuntimeError(f"NameNode does not start: see {self.directory}/namenode.log")
                time.sleep(0.05)

    def start_datanode(self, index):
        self.start(f"datanode{index}", "datanode", *self.datanode_settings[index])

    def kill(self, key):
        self.processes[key].send_signal(signal.SIGKILL)
        self.processes.pop(key).wait()

    def stored_bytes(self, index):
        """What lies on the disk of a DataNode."""
        total = 0
        for folder, _, names in os.walk(self.directory / f"data{index}"):
            for name in names:
                try:
                    total += os.stat(os.path.join(folder, name)).st_size
                except FileNotFoundError:
                    pass
        return total

    def stop(self):
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        self.processes.clear()
