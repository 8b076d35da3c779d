# Sourced by the clients' scripts: installs a client's packages once and says where they are.
# The clients are the folders beside the script's own; another folder of them can be named before.

clients=${clients:-$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)}
installed=${CARGO_TARGET_DIR:-$clients/../../target}/${clients##*/}

# Installs what FOLDER/package-lock.json pins; sets $folder.
npm_client() {
    folder=$installed/$1
    if cmp -s "$clients/$1/package-lock.json" "$folder/stamp"; then return; fi
    mkdir -p "$folder"
    cp "$clients/$1/package.json" "$clients/$1/package-lock.json" "$clients/$1/.npmrc" "$folder/"
    (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
    cp "$clients/$1/package-lock.json" "$folder/stamp"
}

# Installs what FOLDER/requirements.txt pins into an environment of its own; sets $folder.
python_client() {
    folder=$installed/$1
    if cmp -s "$clients/$1/requirements.txt" "$folder/stamp"; then return; fi
    rm -rf "$folder"
    python3 -m venv "$folder"
    "$folder/bin/pip" install --quiet --disable-pip-version-check --requirement "$clients/$1/requirements.txt"
    cp "$clients/$1/requirements.txt" "$folder/stamp"
}
