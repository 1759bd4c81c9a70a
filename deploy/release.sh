#!/usr/bin/env bash
# Makes a release: deploy/release.sh VERSION [--dry-run] [--no-publish]
#
# From a clean main: what CHANGELOG.md has under "Unreleased" goes under the version and today's date, the version goes into
# Directory.Build.props, the Helm chart and the image's name, the executable, its checksum and the chart are made in artifacts/VERSION, and all that is changed is
# committed and tagged. Nothing is pushed. If something fails before the commit, the files are as they were.
#
#   --dry-run      says what it would do, and changes nothing
#   --no-publish   makes no executable; for its tests
set -euo pipefail
cd "$(dirname "$0")/.."

readonly props=Directory.Build.props changelog=CHANGELOG.md chart=deploy/helm/modelgateway
# They name the image.
readonly images=(deploy/Dockerfile deploy/README.md deploy/kubernetes.yaml)
readonly changed=("$props" "$changelog" "$chart/Chart.yaml" "${images[@]}")
version='' dry_run=false publish=true
for word in "$@"; do
  case $word in
    --dry-run) dry_run=true ;;
    --no-publish) publish=false ;;
    -*) echo "release: $word is not known" >&2; exit 2 ;;
    *) [ -z "$version" ] || { echo "release: one version only" >&2; exit 2; }; version=$word ;;
  esac
done

fail() {
  echo "release: $1" >&2
  exit 1
}

[ -n "$version" ] || { echo "usage: deploy/release.sh VERSION [--dry-run] [--no-publish]" >&2; exit 2; }
[[ $version =~ ^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$ ]] || fail "'$version' is no version: MAJOR.MINOR.PATCH"
[ "$(git rev-parse --abbrev-ref HEAD)" = main ] || fail "this is not the branch main"
[ -z "$(git status --porcelain)" ] || fail "there are changes that are not committed"
[ -z "$(git tag --list "v$version")" ] || fail "v$version is tagged already"

# The last version is that of the last tag. Before the first there is none, and the one in the project may be released.
last=$(git tag --list 'v[0-9]*' | sed 's/^v//' | sort -V | tail -n 1)
current=$(sed -n 's:.*<VersionPrefix>\(.*\)</VersionPrefix>.*:\1:p' "$props")
if [ -n "$last" ]; then
  [ "$version" != "$last" ] && [ "$(printf '%s\n%s\n' "$last" "$version" | sort -V | tail -n 1)" = "$version" ] \
    || fail "$version does not come after $last"
else
  [ "$(printf '%s\n%s\n' "$current" "$version" | sort -V | tail -n 1)" = "$version" ] || fail "$version comes before $current"
fi

changes=$(awk '/^## \[Unreleased\]/ { on = 1; next } /^## / { on = 0 } on' "$changelog")
grep -q '^- ' <<< "$changes" || fail "$changelog has nothing under Unreleased"

readonly date=$(date -u +%F) out=artifacts/$version
echo "release: $version after ${last:-none}, $date, $(grep -c '^- ' <<< "$changes") lines in $changelog"
if $dry_run; then
  echo "release: would change ${changed[*]}"
  ! $publish || echo "release: would make $out/gateway-$version-linux-x64, its checksum and $out/modelgateway-$version.tgz"
  echo "release: would commit 'Release $version' and tag v$version"
  exit 0
fi

trap 'git checkout --quiet -- "${changed[@]}"' ERR
sed -i "s:<VersionPrefix>.*</VersionPrefix>:<VersionPrefix>$version</VersionPrefix>:" "$props"
sed -i "s/^version: .*/version: $version/; s/^appVersion: .*/appVersion: $version/" "$chart/Chart.yaml"
sed -i -E "s/modelgateway:[0-9]+\.[0-9]+\.[0-9]+/modelgateway:$version/" "${images[@]}"
sed -i "s/^## \[Unreleased\]\$/## [Unreleased]\n\n## [$version] - $date/" "$changelog"

if $publish; then
  rm -rf "$out" && mkdir -p "$out"
  dotnet publish src/Gateway.Host -p:PublishProfile=linux-x64
  cp artifacts/linux-x64/gateway "$out/gateway-$version-linux-x64"
  said=$("$out/gateway-$version-linux-x64" --version)
  [ "$said" = "gateway $version" ] || { echo "release: the executable calls itself '$said'" >&2; false; }
  # What helm package makes: the chart's folder in a tar file.
  tar -czf "$out/modelgateway-$version.tgz" -C deploy/helm modelgateway
  (cd "$out" && sha256sum "gateway-$version-linux-x64" "modelgateway-$version.tgz" > SHA256SUMS)
fi

git add "${changed[@]}"
git commit --quiet -m "Release $version"
git tag -a "v$version" -m "Release $version"
echo "release: committed and tagged v$version"
! $publish || echo "release: $(ls "$out" | tr '\n' ' ')in $out"
echo "release: to publish it: git push origin main v$version"
