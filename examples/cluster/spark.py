"""Assesses JSON Lines on a Spark cluster: each partition is piped through `breach`, line by line, as on one machine.

    spark-submit examples/cluster/spark.py INPUT OUTPUT [OPTION...]

INPUT is a file or folder of JSON Lines that every worker can read, OUTPUT a folder that is not there yet; options go to `breach assess`. `breach` must be on
the PATH of the workers, or BREACH in their environment must name it. Give `--now`, so that every partition is assessed for the same time.

`input` in the results counts lines within a partition (`-:N`); join results to incidents by `incident.id` or `incident.sha256`.
"""

import os
import shlex
import subprocess
import sys

from pyspark.sql import SparkSession


def assess(options):
    """The work of one partition: its lines in, a result for each out, in order. A line that is no incident is a result too (exit code 2)."""
    command = [os.environ.get("BREACH", "breach"), "assess", "--no-config", "--input-format", "jsonl", "--format", "jsonl", "-j", "1", *options, "-"]

    def work(lines):
        from itertools import chain
        from threading import Thread

        first = next(lines, None)
        if first is None:
            return
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:

            def feed():
                try:
                    with process.stdin as stdin:
                        for line in chain([first], lines):
                            given[0] += bool(line.strip(" \t\r\n\f"))
                            stdin.write(line + "\n")
                except BrokenPipeError:
                    given[0] = -1  # the program ended before its input did

            given, taken = [0], 0
            feeder = Thread(target=feed, daemon=True)
            feeder.start()
            for result in process.stdout:
                taken += 1
                yield result.rstrip("\n")
            feeder.join()
            # a wrong option ends with 2, too, and then there are no results
            if process.wait() not in (0, 1, 2) or taken != given[0]:
                raise RuntimeError(f"{shlex.join(command)}: exit code {process.returncode}, {taken} results")

    return work


def main(source, target, *options):
    spark = SparkSession.builder.appName("breach").getOrCreate()
    spark.sparkContext.textFile(source).mapPartitions(assess(options)).saveAsTextFile(target)
    spark.stop()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
